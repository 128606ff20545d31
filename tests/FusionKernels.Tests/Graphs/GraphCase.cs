using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;

namespace FusionKernels.Tests.Graphs;

/// <summary>Random sparse matrices with rows of every kind, and dense operands beside them.</summary>
internal sealed class GraphCase
{
    private readonly Random _random;

    /// <summary>A matrix whose first row is full and whose every third one is empty.</summary>
    public GraphCase(int rows, int columns, double density, int seed)
    {
        _random = new Random(seed);
        List<int> starts = [0], indices = [];
        for (int row = 0; row < rows; row++)
        {
            double share = row % 3 == 2 ? 0 : row == 0 ? 1 : density;
            indices.AddRange(Enumerable.Range(0, columns).Where(_ => _random.NextDouble() < share));
            starts.Add(indices.Count);
        }

        Pattern = SparsePattern.Of(rows, columns, starts.ToArray(), indices.ToArray());
    }

    /// <summary>The matrix.</summary>
    public SparsePattern Pattern { get; }

    /// <summary>Values between -1 and 1 that float32 holds exactly.</summary>
    public double[,] Random(int rows, int columns)
    {
        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) values[i, j] = (float)((2 * _random.NextDouble()) - 1);
        }

        return values;
    }

    /// <summary>The elements row by row.</summary>
    public static T[] Flat<T>(double[,] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. values.Cast<double>().Select(T.CreateChecked)];

    /// <summary>A matrix over elements.</summary>
    public static MatrixRef<T> Over<T>(T[] elements, int columns)
        where T : unmanaged => MatrixRef<T>.Of(elements, columns == 0 ? 0 : elements.Length / columns, columns);
}
