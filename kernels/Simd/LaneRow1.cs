using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>A row of one vector, whose sums are those of products.</summary>
/// <typeparam name="R">The vector.</typeparam>
/// <typeparam name="TRegisters">Its operations.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct LaneRow1<R, TRegisters, T> : IProductRow<LaneRow1<R, TRegisters, T>, T>
    where R : unmanaged
    where TRegisters : struct, IRegisters<R, T>
    where T : unmanaged
{
    private R _first;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TRegisters.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneRow1<R, TRegisters, T> Load(T* source)
    {
        LaneRow1<R, TRegisters, T> row = default;
        row._first = TRegisters.Load(source);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(T element, in LaneRow1<R, TRegisters, T> lanes, ref LaneRow1<R, TRegisters, T> sums)
    {
        R factor = TRegisters.Broadcast(element);
        sums._first = TRegisters.MultiplyAdd(factor, lanes._first, sums._first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in LaneRow1<R, TRegisters, T> lanes, T* target)
    {
        TRegisters.Store(lanes._first, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(in LaneRow1<R, TRegisters, T> lanes, T factor, T* target)
    {
        R scale = TRegisters.Broadcast(factor);
        TRegisters.Store(TRegisters.Multiply(lanes._first, scale), target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(in LaneRow1<R, TRegisters, T> lanes, T* target)
    {
        TRegisters.Store(TRegisters.Add(TRegisters.Load(target), lanes._first), target);
    }
}
