using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>Series for tests of single alignments. Their values are small multiples of 1/4, so that sums of their squares are exact in float32, too.</summary>
internal static class PairSeries
{
    /// <summary>How the tests run.</summary>
    public static RunSettings Settings => new("Test");

    /// <summary>Lengths that take every way through the strips: single samples, parts of a vector and of a strip, several strips.</summary>
    public static (int Rows, int Columns)[] Shapes { get; } =
        [(1, 1), (1, 9), (9, 1), (2, 2), (2, 70), (5, 3), (17, 16), (16, 33), (65, 66), (66, 64), (70, 150), (131, 40), (140, 200), (259, 71)];

    /// <summary>Some of them, where there is much else to go through.</summary>
    public static (int Rows, int Columns)[] FewShapes { get; } = [(1, 9), (9, 1), (17, 16), (70, 150), (140, 66)];

    /// <summary>Steps of channels.</summary>
    public static double[][] Walk(int length, int channels, int seed)
    {
        Random random = new(seed);
        double[] state = new double[channels];
        double[][] series = new double[length][];
        for (int i = 0; i < length; i++)
        {
            for (int c = 0; c < channels; c++) state[c] = Math.Clamp(state[c] + (random.Next(-4, 5) * 0.25), -4, 4);
            series[i] = [.. state];
        }

        return series;
    }

    /// <summary>The same for kernels.</summary>
    public static SeriesPack<T> Pack<T>(double[][] series)
        where T : unmanaged
    {
        SeriesPack<T> pack = new([series.Length], series[0].Length);
        int place = 0;
        foreach (double value in series.SelectMany(sample => sample)) pack.Values[place++] = Element.Of<T>(value);
        return pack;
    }

    /// <summary>A table in memory, filled with a value that no kernel leaves.</summary>
    public static T[] Table<T>(int rows, int columns)
        where T : unmanaged
    {
        T[] table = new T[rows * columns];
        Array.Fill(table, Element.Of<T>(-77));
        return table;
    }

    /// <summary>A window that is no range of columns: everything but some places off the diagonals of long steps.</summary>
    public static WarpingWindow Sieve(int rows, int columns)
    {
        bool[,] mask = new bool[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) mask[i, j] = ((i * 7) + (j * 3)) % 11 != 4 || i == j || i == 0 || j == columns - 1;
        }

        mask[0, 0] = mask[rows - 1, columns - 1] = true;
        return WarpingWindow.Custom(mask);
    }

    /// <summary>Windows for a shape.</summary>
    public static IEnumerable<WarpingWindow> Windows(int rows, int columns) =>
        [WarpingWindow.None, WarpingWindow.Radius(0), WarpingWindow.Radius(5), WarpingWindow.Radius(60), WarpingWindow.Slanted(4), WarpingWindow.Itakura(2), Sieve(rows, columns)];

    /// <summary>Ends of every kind.</summary>
    public static WarpingEnds[] Ends { get; } =
        [WarpingEnds.Closed, WarpingEnds.OpenBegin, WarpingEnds.OpenEnd, WarpingEnds.Subsequence, WarpingEnds.Relaxed(3), new(2, 0, 5, 9), new(int.MaxValue, int.MaxValue, 0, 0)];
}
