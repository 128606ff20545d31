using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>An elementwise operation: a thread owns one element of the result. No shared memory.</summary>
internal static class MapKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="result">Memory of the result.</param>
    /// <param name="a">Memory of the first operand.</param>
    /// <param name="b">Memory of the second operand; anything where there is none.</param>
    /// <param name="c">Memory of the third operand.</param>
    /// <param name="d">Memory of the fourth operand.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="function">The function.</param>
    public static void Run<V, T, TFunction>(
        ArrayView<T> result, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, ArrayView<T> d, MapShape shape, TFunction function)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFunction : unmanaged, IElementFunction<T>
    {
        long element = shape.First + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Elements) return;
        long row = element / shape.Columns, column = element - (row * shape.Columns);
        V value = function.Evaluate(
            V.Broadcast(a[shape.A.At(row, column)]),
            TFunction.Inputs > 1 ? V.Broadcast(b[shape.B.At(row, column)]) : default,
            TFunction.Inputs > 2 ? V.Broadcast(c[shape.C.At(row, column)]) : default,
            TFunction.Inputs > 3 ? V.Broadcast(d[shape.D.At(row, column)]) : default);
        long at = shape.Result.At(row, column);
        if (shape.Adds != 0) value = V.Broadcast(result[at]) + value;
        result.Cast<V>()[at] = value;
    }
}

/// <summary>Sizes and places of an elementwise operation, as a kernel argument.</summary>
internal struct MapShape
{
    /// <summary>The first element of this launch.</summary>
    public long First;

    /// <summary>Elements of the result.</summary>
    public long Elements;

    /// <summary>Columns of the result.</summary>
    public int Columns;

    /// <summary>1 where values are added to what stands there.</summary>
    public int Adds;

    /// <summary>Where the result lies.</summary>
    public ElementPlace Result;

    /// <summary>Where the first operand lies.</summary>
    public ElementPlace A;

    /// <summary>Where the second operand lies.</summary>
    public ElementPlace B;

    /// <summary>Where the third operand lies.</summary>
    public ElementPlace C;

    /// <summary>Where the fourth operand lies.</summary>
    public ElementPlace D;
}
