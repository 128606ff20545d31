using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Softmax or log-softmax of dense rows, the maximum subtracted.</summary>
/// <remarks>
/// A group owns a row; its threads take every so manieth element, and combine their maxima, then their sums, in shared memory
/// pairwise: the order depends on the group's size alone. 256 elements of shared memory.
/// </remarks>
internal static class SoftmaxKernel
{
    /// <summary>The most threads of a group; a group's size is a power of two.</summary>
    public const int MaxGroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="result">Receives as many; may be x.</param>
    /// <param name="mask">Not 0 for elements that are kept; any valid view where all are.</param>
    /// <param name="flags">Element 0 becomes 1 where an element that is kept is NaN or +infinity.</param>
    /// <param name="shape">Sizes.</param>
    public static void Run(ArrayView<float> x, ArrayView<float> result, ArrayView<byte> mask, ArrayView<int> flags, SoftmaxShape shape)
    {
        ArrayView<Lane32> shared = SharedMemory.Allocate<Lane32>(MaxGroupSize);
        int lane = Group.IdxX;
        long row = (shape.FirstRow + Grid.IdxX) * shape.Length;
        Lane32 most = OnlineSoftmax.NoMaximum<Lane32, float>();
        for (int i = lane; i < shape.Length; i += Group.DimX)
        {
            Lane32 element = At(x, mask, row + i, shape);
            if (PairScores.IsNonFinite(element) && !PairScores.IsMasked(element)) flags[0] = 1;
            most = Lane32.Max(most, element);
        }

        shared[lane] = most;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's maxima must stand before they are compared.
            Group.Barrier();
            if (lane < half) shared[lane] = Lane32.Max(shared[lane], shared[lane + half]);
        }

        Group.Barrier();
        Lane32 largest = shared[0];

        // Everybody must have read the maximum before sums take its place.
        Group.Barrier();
        Lane32 sum = new(0);
        for (int i = lane; i < shape.Length; i += Group.DimX) sum += VectorMath.Exp<Lane32, float>(At(x, mask, row + i, shape) - largest);
        shared[lane] = sum;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's sums must stand before they are added.
            Group.Barrier();
            if (lane < half) shared[lane] += shared[lane + half];
        }

        Group.Barrier();

        // The largest exponential is 1, so a sum is 0, of a row that is masked, or at least that.
        Lane32 total = Lane32.SelectLess(shared[0], new(0.5f), new(1), shared[0]);
        Lane32 factor = new Lane32(1) / total, logarithm = VectorMath.Log<Lane32, float>(total);
        for (int i = lane; i < shape.Length; i += Group.DimX)
        {
            Lane32 shifted = At(x, mask, row + i, shape) - largest;
            Lane32 value = shape.IsLog != 0 ? shifted - logarithm : VectorMath.Exp<Lane32, float>(shifted) * factor;
            result[row + i] = value.Value;
        }
    }

    private static Lane32 At(ArrayView<float> x, ArrayView<byte> mask, long place, SoftmaxShape shape) =>
        shape.HasMask != 0 && mask[place] == 0 ? new(float.NegativeInfinity) : Lane32.Broadcast(x[place]);
}

/// <summary>Sizes of a softmax, as a kernel argument.</summary>
internal struct SoftmaxShape
{
    /// <summary>The first row of this launch.</summary>
    public long FirstRow;

    /// <summary>Elements of a row.</summary>
    public int Length;

    /// <summary>1 where logarithms are wanted, else 0.</summary>
    public int IsLog;

    /// <summary>1 where there is a mask, else 0.</summary>
    public int HasMask;
}
