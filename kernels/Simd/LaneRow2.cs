using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>A row of two vectors, whose sums are those of products.</summary>
/// <typeparam name="R">The vector.</typeparam>
/// <typeparam name="TRegisters">Its operations.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct LaneRow2<R, TRegisters, T> : IProductRow<LaneRow2<R, TRegisters, T>, T>
    where R : unmanaged
    where TRegisters : struct, IRegisters<R, T>
    where T : unmanaged
{
    private R _first;
    private R _second;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TRegisters.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneRow2<R, TRegisters, T> Load(T* source)
    {
        LaneRow2<R, TRegisters, T> row = default;
        row._first = TRegisters.Load(source);
        row._second = TRegisters.Load(source + TRegisters.Count);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(T element, in LaneRow2<R, TRegisters, T> lanes, ref LaneRow2<R, TRegisters, T> sums)
    {
        R factor = TRegisters.Broadcast(element);
        sums._first = TRegisters.MultiplyAdd(factor, lanes._first, sums._first);
        sums._second = TRegisters.MultiplyAdd(factor, lanes._second, sums._second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in LaneRow2<R, TRegisters, T> lanes, T* target)
    {
        TRegisters.Store(lanes._first, target);
        TRegisters.Store(lanes._second, target + TRegisters.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(in LaneRow2<R, TRegisters, T> lanes, T factor, T* target)
    {
        R scale = TRegisters.Broadcast(factor);
        TRegisters.Store(TRegisters.Multiply(lanes._first, scale), target);
        TRegisters.Store(TRegisters.Multiply(lanes._second, scale), target + TRegisters.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(in LaneRow2<R, TRegisters, T> lanes, T* target)
    {
        TRegisters.Store(TRegisters.Add(TRegisters.Load(target), lanes._first), target);
        TRegisters.Store(TRegisters.Add(TRegisters.Load(target + TRegisters.Count), lanes._second), target + TRegisters.Count);
    }
}
