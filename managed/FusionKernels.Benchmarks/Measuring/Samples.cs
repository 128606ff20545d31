using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>How far a result is from the float64 reference, at sampled places.</summary>
internal static class Samples
{
    /// <summary>Places that are looked at unless a reference takes too long for so many.</summary>
    public const int Count = 96;

    /// <summary>The largest deviation over the samples, as a part of the largest reference value among them.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="value">The result at a place.</param>
    /// <param name="reference">The reference at a place.</param>
    /// <param name="count">Places: the corners first, then drawn ones.</param>
    public static double MaxError(int rows, int columns, Func<int, int, double> value, Func<int, int, double> reference, int count = Count)
    {
        Random random = new(1);
        double deviation = 0, magnitude = 0;
        for (int sample = 0; sample < count; sample++)
        {
            (int row, int column) = sample switch
            {
                0 => (0, 0),
                1 => (rows - 1, columns - 1),
                2 => (0, columns - 1),
                3 => (rows - 1, 0),
                _ => (random.Next(rows), random.Next(columns)),
            };
            double expected = reference(row, column), found = value(row, column);
            if (!double.IsFinite(found)) return double.PositiveInfinity;
            deviation = Math.Max(deviation, Math.Abs(found - expected));
            magnitude = Math.Max(magnitude, Math.Abs(expected));
        }

        return magnitude == 0 ? deviation : deviation / magnitude;
    }

    /// <summary>A matrix of values spread evenly over [-1, 1), the same ones for the same seed.</summary>
    public static T[] Uniform<T>(int rows, int columns, int seed)
        where T : System.Numerics.INumberBase<T>
    {
        T[] values = new T[checked(rows * columns)];
        Fill<T>(values, new Random(seed));
        return values;
    }

    /// <summary>Draws values spread evenly over [-1, 1).</summary>
    public static void Fill<T>(Span<T> values, Random random)
        where T : System.Numerics.INumberBase<T>
    {
        foreach (ref T value in values) value = T.CreateChecked((2 * random.NextDouble()) - 1);
    }

    /// <summary>Adds parts of the first columns of a view to those of another, so that the first correlations stand apart.</summary>
    /// <param name="left">The view, rows x width.</param>
    /// <param name="right">The other, as large, of values as spread and drawn apart.</param>
    /// <param name="width">Columns of each.</param>
    /// <param name="shared">The columns that are added, the first whole, the next ones less and less.</param>
    public static void Share(ReadOnlySpan<float> left, Span<float> right, int width, int shared)
    {
        for (int row = 0; row < left.Length; row += width)
        {
            for (int j = 0; j < shared; j++) right[row + j] += left[row + j] * (shared - j) / shared;
        }
    }

    /// <summary>The canonical correlation of two views after <see cref="Share"/>, of the population.</summary>
    /// <param name="component">From 0 to <paramref name="shared"/>.</param>
    /// <param name="shared">The columns that were added.</param>
    public static double SharedCorrelation(int component, int shared)
    {
        double part = (double)(shared - component) / shared;
        return part / Math.Sqrt(1 + (part * part));
    }

    /// <summary>A copy of a tensor's elements.</summary>
    public static T[] Elements<T>(Tensor<T> tensor)
    {
        T[] elements = new T[tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        return elements;
    }

    /// <summary>A copy in float64.</summary>
    public static Tensor<double> Wide(Tensor<float> narrow) => Tensor.Create(Array.ConvertAll(Elements(narrow), value => (double)value), narrow.Lengths);

    /// <summary>One row in float64, as a matrix of one row.</summary>
    public static double[,] Row<T>(T[] matrix, int columns, int row)
        where T : System.Numerics.INumberBase<T>
    {
        double[,] values = new double[1, columns];
        for (int k = 0; k < columns; k++) values[0, k] = double.CreateChecked(matrix[((long)row * columns) + k]);
        return values;
    }
}
