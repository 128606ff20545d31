using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Sums of lines: rows, whose threads read side by side, or columns.</summary>
/// <remarks>
/// A group owns <see cref="SumShape.Lines"/> neighbouring lines: one row, or up to 32 columns, which its threads read side by side.
/// The threads of a line take every so manieth element and combine their sums in shared memory pairwise: the order depends on
/// the group's size alone. 256 elements of shared memory.
/// </remarks>
internal static class SumKernel
{
    /// <summary>The most threads of a group; a group's size is a power of two.</summary>
    public const int MaxGroupSize = 256;

    /// <summary>Columns that a group reads side by side: a line of a GPU's cache in float32.</summary>
    public const int ColumnsAtOnce = 32;

    /// <summary>The kernel.</summary>
    /// <param name="result">Memory of the sums.</param>
    /// <param name="a">Memory of the first operand.</param>
    /// <param name="b">Memory of the second operand; anything where there is none.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="factor">Factor of the sums.</param>
    /// <param name="function">What is summed.</param>
    public static void Run<V, T, TFunction>(ArrayView<T> result, ArrayView<T> a, ArrayView<T> b, SumShape shape, T factor, TFunction function)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFunction : unmanaged, IElementFunction<T>
    {
        ArrayView<V> shared = SharedMemory.Allocate<V>(MaxGroupSize);
        int thread = Group.IdxX, line = shape.First + (Grid.IdxX * shape.Lines) + (thread % shape.Lines);
        int length = line < shape.Count ? (line == shape.Count - 1 ? shape.LastLength : shape.Length) : 0;
        V sum = V.Constant(0);
        for (int i = thread / shape.Lines; i < length; i += Group.DimX / shape.Lines)
        {
            sum += function.Evaluate(
                V.Broadcast(a[shape.A.At(line, i)]), TFunction.Inputs > 1 ? V.Broadcast(b[shape.B.At(line, i)]) : V.Constant(0), V.Constant(0), V.Constant(0));
        }

        shared[thread] = sum;
        for (int half = Group.DimX / 2; half >= shape.Lines; half /= 2)
        {
            // The other half's sums must stand before they are added.
            Group.Barrier();
            if (thread < half) shared[thread] += shared[thread + half];
        }

        if (thread >= shape.Lines || line >= shape.Count) return;
        long at = shape.Result.At(line, 0);
        V value = V.Broadcast(factor) * shared[thread];
        if (shape.Adds != 0) value = V.Broadcast(result[at]) + value;
        result.Cast<V>()[at] = value;
    }
}

/// <summary>Sizes and places of sums, rows being lines whichever way they lie, as a kernel argument.</summary>
internal struct SumShape
{
    /// <summary>The first line of this launch.</summary>
    public int First;

    /// <summary>Lines of a group: a power of two.</summary>
    public int Lines;

    /// <summary>Lines in all.</summary>
    public int Count;

    /// <summary>Elements of a line.</summary>
    public int Length;

    /// <summary>Elements of the last line.</summary>
    public int LastLength;

    /// <summary>1 where sums are added to what stands there.</summary>
    public int Adds;

    /// <summary>Where the sums lie.</summary>
    public ElementPlace Result;

    /// <summary>Where the first operand lies, a line in each row.</summary>
    public ElementPlace A;

    /// <summary>Where the second operand lies.</summary>
    public ElementPlace B;
}
