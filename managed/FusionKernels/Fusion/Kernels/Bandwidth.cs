using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Bandwidths by the median rule: gamma = 1 / median of the squared distances.</summary>
internal static class Bandwidth
{
    /// <summary>Rows whose pairs are looked at: half a million distances make a median good to a tenth of a per cent.</summary>
    private const int MostRows = 1000;

    /// <summary>gamma of the squared distances of all pairs; 1 where they are 0.</summary>
    public static double OfMedian(List<double> squares)
    {
        if (squares.Count == 0) return 1;
        squares.Sort();
        int middle = squares.Count / 2;
        double median = squares.Count % 2 == 1 ? squares[middle] : (squares[middle - 1] + squares[middle]) / 2;
        if (median > 0) return 1 / median;
        double mean = squares.Average();
        return mean > 0 ? 1 / mean : 1;
    }

    /// <summary>gamma of some columns of a matrix, from up to a thousand evenly spaced rows.</summary>
    /// <param name="values">rows x columns.</param>
    /// <param name="rows">The rows that count.</param>
    /// <param name="columns">The columns that count.</param>
    public static double Of<T>(Tensor<T> values, int[] rows, Range columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = Math.Min(rows.Length, MostRows);
        (int first, int width) = columns.GetOffsetAndLength((int)values.Lengths[1]);
        double[][] chosen = new double[count][];
        for (int a = 0; a < count; a++)
        {
            int row = rows[(int)((long)a * rows.Length / count)];
            chosen[a] = new double[width];
            for (int k = 0; k < width; k++) chosen[a][k] = double.CreateTruncating(values[row, first + k]);
        }

        List<double> squares = new(count * (count - 1) / 2);
        for (int a = 0; a < count; a++)
        {
            for (int b = a + 1; b < count; b++)
            {
                double distance = TensorPrimitives.Distance<double>(chosen[a], chosen[b]);
                squares.Add(distance * distance);
            }
        }

        return OfMedian(squares);
    }
}
