using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Joins attention over parts of the keys: outputs weighted by exp(log-sum-exp), parts in their order.</summary>
/// <remarks>A group owns a row; its threads take every so manieth column.</remarks>
internal static class AttentionMergeKernel
{
    /// <summary>The most threads of a group.</summary>
    public const int MaxGroupSize = 128;

    /// <summary>The kernel.</summary>
    /// <param name="parts">Outputs of the parts, one part after the other.</param>
    /// <param name="partSums">Their log-sum-exps.</param>
    /// <param name="output">Memory of the output.</param>
    /// <param name="sums">Log-sum-exps of the whole.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run(ArrayView<float> parts, ArrayView<float> partSums, ArrayView<float> output, ArrayView<float> sums, MergeShape shape)
    {
        long row = shape.FirstRow + Grid.IdxX;
        Lane32 largest = OnlineSoftmax.NoMaximum<Lane32, float>(), total = new(0);
        if (shape.HasBefore != 0) largest = Lane32.Max(largest, Lane32.Broadcast(sums[row]));
        for (int part = 0; part < shape.Parts; part++) largest = Lane32.Max(largest, SumOf(partSums, part, row, shape));
        Lane32 before = shape.HasBefore != 0 ? Weight(Lane32.Broadcast(sums[row]), largest) : new(0);
        total += before;
        for (int part = 0; part < shape.Parts; part++) total += Weight(SumOf(partSums, part, row, shape), largest);

        // The largest weight is 1, so a total is 0, of a row with nothing to attend to, or at least that.
        Lane32 factor = Lane32.SelectLess(total, new(0.5f), new(0), new Lane32(1) / total);
        long query = row % shape.Queries, head = row / shape.Queries % shape.Heads, item = row / shape.Queries / shape.Heads;
        long first = shape.Output.Offset + (item * shape.Output.Batch) + (head * shape.Output.Head) + (query * shape.Output.Row);
        long firstOfPart = (item * shape.Part.Batch) + (head * shape.Part.Head) + (query * shape.Part.Row);
        for (int column = Group.IdxX; column < shape.Width; column += Group.DimX)
        {
            long at = first + (column * shape.Output.Column);
            Lane32 sum = shape.HasBefore != 0 ? Lane32.Broadcast(output[at]) * before : new(0);
            for (int part = 0; part < shape.Parts; part++)
            {
                Lane32 value = Lane32.Broadcast(parts[(part * shape.Rows * shape.Width) + firstOfPart + column]);
                sum = Lane32.MultiplyAdd(value, Weight(SumOf(partSums, part, row, shape), largest), sum);
            }

            output[at] = (sum * factor).Value;
        }

        // Everybody must have read the sum before.
        Group.Barrier();
        if (Group.IdxX == 0) sums[row] = (largest + VectorMath.Log<Lane32, float>(total)).Value;
    }

    private static Lane32 SumOf(ArrayView<float> partSums, int part, long row, MergeShape shape) => Lane32.Broadcast(partSums[(part * shape.Rows) + row]);

    private static Lane32 Weight(Lane32 sum, Lane32 largest) => VectorMath.Exp<Lane32, float>(sum - largest);
}

/// <summary>Sizes and places of a merge, as a kernel argument.</summary>
internal struct MergeShape
{
    /// <summary>The first row of this launch.</summary>
    public long FirstRow;

    /// <summary>Rows of a part: queries of all heads and items.</summary>
    public long Rows;

    /// <summary>Queries of a head.</summary>
    public int Queries;

    /// <summary>Heads of an item.</summary>
    public int Heads;

    /// <summary>Columns.</summary>
    public int Width;

    /// <summary>Parts.</summary>
    public int Parts;

    /// <summary>1 where output and sums hold what was merged before, else 0.</summary>
    public int HasBefore;

    /// <summary>Where the output lies.</summary>
    public DeviceStrides Output;

    /// <summary>Where the output of a part lies behind those before it, its columns side by side.</summary>
    public DeviceStrides Part;
}
