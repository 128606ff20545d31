using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>How derivatives of pairs fall into batches, groups and launches on a device: pure.</summary>
/// <remarks>
/// Memory of a pair: about 3 shares of each cell of a block and 4 numbers a row before each block, which is rows sqrt(diagonals) where
/// blocks have sqrt(4 diagonals / 3) of them; more diagonals a block where all shares find room.
/// </remarks>
internal readonly record struct SoftGradientPlan
{
    /// <summary>Seconds that one launch is planned to take at most.</summary>
    private const double LaunchSeconds = 0.05;

    /// <summary>Bytes of one batch, at most, where pairs can be taken in more.</summary>
    private const long BatchBytes = 1L << 30;

    /// <summary>Bytes of shares beside which computing them again costs less.</summary>
    private const long ShareBytes = 64L << 20;

    /// <summary>Threads of a group, at most: the cells of a diagonal are shared by them, and 8 such groups fill a multiprocessor.</summary>
    private const int GroupThreads = 256;

    /// <summary>Pairs of a batch.</summary>
    public required int Pairs { get; init; }

    /// <summary>Threads of a group.</summary>
    public required int GroupSize { get; init; }

    /// <summary>Blocks of the pair with the most diagonals.</summary>
    public required int Blocks { get; init; }

    /// <summary>Sizes and places of the launches.</summary>
    public required SoftGradientShape Shape { get; init; }

    /// <summary>Plans the first batch of some pairs.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="pairs">Pairs to do.</param>
    /// <param name="rows">The most samples of x.</param>
    /// <param name="columns">The most samples of y.</param>
    /// <param name="channels">Channels of a sample.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="keepsArrivals">Whether the expected alignment is asked for.</param>
    /// <param name="mostPairs">Pairs for which there is memory, at most.</param>
    public static SoftGradientPlan Choose(AcceleratorEngine engine, int pairs, int rows, int columns, int channels, int elementBytes, bool keepsArrivals, int mostPairs)
    {
        long diagonals = (long)rows + columns - 1;
        int width = Math.Min(rows, columns), stride = rows + 2;
        int here = Math.Min(pairs, mostPairs);
        double inMemory = ShareBytes / (3.0 * stride * elementBytes * here);
        double balanced = Math.Sqrt(4.0 * diagonals / 3);
        double perDiagonal = width * (2.0 * SoftProblem.OperationsPerCell + (8 * channels)) * Math.Max(1, here / Math.Max(1, engine.Description.ComputeUnits));
        double inTime = LaunchSeconds * engine.EstimatedFlopsPerSecond / Math.Max(1, engine.Description.ComputeUnits) / perDiagonal;
        int blockDiagonals = (int)Math.Clamp(Math.Min(inTime, Math.Max(balanced, inMemory)), 1, diagonals);
        int blocks = (int)((diagonals + blockDiagonals - 1) / blockDiagonals);
        SoftGradientShape shape = Layout(stride, blockDiagonals, blocks, rows, columns, channels, keepsArrivals);
        int group = 1;
        while (group < width && group < Math.Min(GroupThreads, engine.MaxGroupSize)) group *= 2;
        return new()
        {
            Pairs = (int)Math.Clamp(BatchBytes / (shape.WorkPerPair * elementBytes), 1, here),
            GroupSize = group,
            Blocks = blocks,
            Shape = shape,
        };
    }

    private static SoftGradientShape Layout(int stride, int blockDiagonals, int blocks, int rows, int columns, int channels, bool keepsArrivals)
    {
        // Significands and exponents of three diagonals; of three more what each cell hands to three neighbours.
        SoftGradientShape shape = new() { Stride = stride, BlockDiagonals = blockDiagonals, Channels = channels, KeepsArrivals = keepsArrivals ? 1 : 0 };
        shape.Passed = 6L * stride;
        shape.Shares = shape.Passed + (9L * stride);
        shape.Saved = shape.Shares + (3L * stride * blockDiagonals);
        shape.GradientX = shape.Saved + (4L * stride * (blocks - 1));
        shape.GradientY = shape.GradientX + ((long)rows * channels);
        shape.Value = shape.GradientY + ((long)columns * channels);
        shape.Arrivals = shape.Value + 2;
        shape.WorkPerPair = shape.Arrivals + (keepsArrivals ? (long)stride * blockDiagonals : 0);
        return shape;
    }
}
