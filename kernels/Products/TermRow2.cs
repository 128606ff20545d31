using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>A row of two vectors, whose sums are those of a term.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TTerm">The term.</typeparam>
internal unsafe struct TermRow2<V, T, TTerm> : ILaneRow<TermRow2<V, T, TTerm>, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TTerm : struct, IPairTerm<T>
{
    private V _first;
    private V _second;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * V.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TermRow2<V, T, TTerm> Load(T* source)
    {
        TermRow2<V, T, TTerm> row = default;
        row._first = V.Load(source);
        row._second = V.Load(source + V.Count);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(T element, in TermRow2<V, T, TTerm> lanes, ref TermRow2<V, T, TTerm> sums)
    {
        V x = V.Broadcast(element);
        sums._first = TTerm.Accumulate(sums._first, x, lanes._first);
        sums._second = TTerm.Accumulate(sums._second, x, lanes._second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in TermRow2<V, T, TTerm> lanes, T* target)
    {
        V.Store(lanes._first, target);
        V.Store(lanes._second, target + V.Count);
    }
}
