using System.Numerics;

namespace FusionKernels.Kernels.Products;

/// <summary>How a product row by row runs on a device: the one place that decides it.</summary>
/// <param name="GroupSize">Threads of a group.</param>
/// <param name="RowsPerGroup">Rows that a group takes.</param>
/// <param name="RowGroups">Groups that the rows take.</param>
/// <param name="Chunks">Chunks that the features fall into.</param>
/// <param name="ChunkDepth">Features of a chunk.</param>
/// <param name="GroupsPerLaunch">Groups of one launch, at most.</param>
internal readonly record struct RowDevicePlan(
    int GroupSize, int RowsPerGroup, int RowGroups, int Chunks, int ChunkDepth, int GroupsPerLaunch)
{
    /// <summary>Rows side by side where rows are contiguous: a warp, or a cache line of float32.</summary>
    private const int RowsSideBySide = 32;

    /// <summary>Features per thread below which a chunk costs more than it gains.</summary>
    private const int FeaturesPerThread = 16;

    /// <summary>Decides.</summary>
    /// <param name="limits">The device.</param>
    /// <param name="rows">Rows of the operands, at least 1.</param>
    /// <param name="depth">Features.</param>
    /// <param name="batch">Matrices, at least 1.</param>
    /// <param name="alongRows">Whether a column of x is contiguous, not a row.</param>
    /// <param name="mayChunk">Whether there may be chunks.</param>
    public static RowDevicePlan Choose(in DeviceLimits limits, int rows, int depth, int batch, bool alongRows, bool mayChunk)
    {
        int groupSize = PowerOfTwoBelow(Math.Min(RowProductKernel.MaxGroupSize, limits.MaxGroupSize));

        // Eight threads of a row, side by side, read a sector of 32 bytes; beyond that as many as have four features each.
        int lanes = alongRows
            ? Math.Max(1, groupSize / RowsSideBySide)
            : Math.Clamp(PowerOfTwoBelow(Math.Max(1, depth / 4)), Math.Min(8, groupSize), groupSize);
        int rowsPerGroup = groupSize / lanes;
        int rowGroups = (int)(((long)rows + rowsPerGroup - 1) / rowsPerGroup);
        long wanted = 2L * limits.ComputeUnits / Math.Max(1, (long)rowGroups * batch);
        int chunks = mayChunk ? (int)Math.Clamp(wanted, 1, Math.Max(1, depth / (lanes * FeaturesPerThread))) : 1;
        int chunkDepth = (int)(((long)depth + chunks - 1) / chunks);
        if (chunkDepth > 0) chunks = (int)(((long)depth + chunkDepth - 1) / chunkDepth);
        return new(groupSize, rowsPerGroup, rowGroups, chunks, chunkDepth, limits.GroupsPerLaunch(2.0 * rowsPerGroup * chunkDepth));
    }

    private static int PowerOfTwoBelow(int value) => 1 << BitOperations.Log2((uint)value);
}
