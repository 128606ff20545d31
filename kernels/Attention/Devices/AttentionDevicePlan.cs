using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>How a device computes the forward pass of a problem: tile and parts of the keys, from shapes and limits alone.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="Splits">Parts of the keys, merged in their order at the end.</param>
/// <param name="SplitKeys">Keys of a part.</param>
internal readonly record struct AttentionDevicePlan(AttentionTile Tile, int Splits, int SplitKeys)
{
    /// <summary>Keys of a part, at least: what a group has to do should outweigh reading its result again.</summary>
    private const int LeastSplitKeys = 512;

    /// <summary>Groups that a compute unit should have to choose from.</summary>
    private const int GroupsPerUnit = 8;

    /// <summary>Parts of the keys, at most; the merge reads as many results.</summary>
    private const int MostSplits = 64;

    /// <summary>The plan of a forward pass.</summary>
    public static AttentionDevicePlan Forward(AttentionProblem problem, in DeviceLimits limits)
    {
        int rows = problem.Queries * problem.GroupSize;
        AttentionTile tile = TileOf(rows, problem.Keys, limits);
        TileForm form = AttentionKernels.Forward(tile, problem.ValueWidth).Form;
        long groups = (long)problem.Batch * problem.KeyHeads * form.BlocksOf(rows) * form.StripsOf(problem.ValueWidth);
        long wanted = (long)GroupsPerUnit * limits.ComputeUnits;
        int most = (int)Math.Min(MostSplits, problem.Keys / LeastSplitKeys);
        int splits = groups == 0 || groups >= wanted || most < 2 ? 1 : (int)Math.Min(most, (wanted + groups - 1) / groups);
        int keys = splits == 1 ? Math.Max(1, problem.Keys) : ((problem.Keys + splits - 1) / splits + form.Columns - 1) / form.Columns * form.Columns;
        return new(tile, splits == 1 ? 1 : (problem.Keys + keys - 1) / keys, keys);
    }

    /// <summary>The tile for so many rows against so many of the other side.</summary>
    public static AttentionTile TileOf(int rows, int others, in DeviceLimits limits) =>
        rows <= 16 ? AttentionTile.Slim : SquareOf(rows, others, limits);

    /// <summary>The square tile for so many rows against so many of the other side.</summary>
    public static AttentionTile SquareOf(int rows, int others, in DeviceLimits limits) =>
        rows <= 32 || others <= 32 || limits.MaxGroupSize < 256 ? AttentionTile.Square32 : AttentionTile.Square64;

    /// <summary>The plan in words.</summary>
    public string Describe(AttentionProblem problem) =>
        $"fused, {AttentionKernels.Forward(Tile, problem.ValueWidth).Form} pairs, online softmax{(Splits > 1 ? $", keys in {Splits} parts" : "")}";
}
