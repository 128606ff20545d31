using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Of every query row: its log-sum-exp in base 2, and what gradients of its weights average to, the product of its output with the gradient of it.</summary>
/// <remarks>A thread owns a row.</remarks>
internal static class AttentionMeansKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 64;

    /// <summary>The kernel.</summary>
    /// <param name="output">Memory of the outputs.</param>
    /// <param name="gradient">Memory of the gradients of outputs.</param>
    /// <param name="logSumExp">Memory of the natural log-sum-exps.</param>
    /// <param name="references">Receives reference and mean of every row, side by side.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run(ArrayView<float> output, ArrayView<float> gradient, ArrayView<float> logSumExp, ArrayView<float> references, MeansShape shape)
    {
        long row = shape.FirstRow + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (row >= shape.Rows) return;
        int query = (int)(row % shape.Queries), head = (int)(row / shape.Queries % shape.Heads), item = (int)(row / shape.Queries / shape.Heads);
        long left = shape.Output.At(item, head, query, 0), right = shape.Gradient.At(item, head, query, 0);
        Lane32 sum = new(0);
        for (int d = 0; d < shape.Width; d++)
        {
            sum = Lane32.MultiplyAdd(Lane32.Broadcast(output[left]), Lane32.Broadcast(gradient[right]), sum);
            left += shape.Output.Column;
            right += shape.Gradient.Column;
        }

        // A query with nothing to attend to has scores of -infinity alone, and then any finite reference will do.
        Lane32 natural = Lane32.Broadcast(logSumExp[shape.LogSumExp.At(item, head, query, 0)]);
        references[2 * row] = (PairScores.IsMasked(natural) ? new(0) : natural * Lane32.Constant(VectorMath.Log2OfE)).Value;
        references[(2 * row) + 1] = sum.Value;
    }
}

/// <summary>Sizes and places of query rows, as a kernel argument.</summary>
internal struct MeansShape
{
    /// <summary>The first row of this launch.</summary>
    public long FirstRow;

    /// <summary>Rows: queries of all heads and items.</summary>
    public long Rows;

    /// <summary>Queries of a head.</summary>
    public int Queries;

    /// <summary>Heads of an item.</summary>
    public int Heads;

    /// <summary>Columns of an output; 0 where no mean is wanted.</summary>
    public int Width;

    /// <summary>Outputs.</summary>
    public DeviceStrides Output;

    /// <summary>Gradients of outputs.</summary>
    public DeviceStrides Gradient;

    /// <summary>Log-sum-exps.</summary>
    public DeviceStrides LogSumExp;
}
