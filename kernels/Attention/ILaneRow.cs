using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>One row of a block's lanes, in registers.</summary>
/// <typeparam name="TRow">The row.</typeparam>
/// <typeparam name="R">The vector.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal unsafe interface ILaneRow<TRow, R, T>
    where TRow : unmanaged
    where R : unmanaged
    where T : unmanaged
{
    /// <summary>Lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes from consecutive elements.</summary>
    static abstract TRow Load(T* source);

    /// <summary>The factor times the lanes, added to the sums.</summary>
    static abstract void MultiplyAdd(R factor, in TRow lanes, ref TRow sums);

    /// <summary>Stores the lanes, times the scale or added to what is there.</summary>
    static abstract void Store(TRow sums, T* target, R scale, bool resume);
}

/// <summary>A row of one vector.</summary>
internal unsafe struct LaneRow1<R, TRegisters, T>(R first) : ILaneRow<LaneRow1<R, TRegisters, T>, R, T>
    where R : unmanaged
    where TRegisters : struct, IRegisters<R, T>
    where T : unmanaged
{
    private R _first = first;

    static int ILaneRow<LaneRow1<R, TRegisters, T>, R, T>.Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TRegisters.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static LaneRow1<R, TRegisters, T> ILaneRow<LaneRow1<R, TRegisters, T>, R, T>.Load(T* source) => new(TRegisters.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILaneRow<LaneRow1<R, TRegisters, T>, R, T>.MultiplyAdd(R factor, in LaneRow1<R, TRegisters, T> lanes, ref LaneRow1<R, TRegisters, T> sums) => sums._first = TRegisters.MultiplyAdd(factor, lanes._first, sums._first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILaneRow<LaneRow1<R, TRegisters, T>, R, T>.Store(LaneRow1<R, TRegisters, T> sums, T* target, R scale, bool resume) => Store(sums._first, target, scale, resume);

    /// <summary>Stores one vector, times the scale or added to what is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(R sums, T* target, R scale, bool resume) =>
        TRegisters.Store(resume ? TRegisters.Add(TRegisters.Load(target), sums) : TRegisters.Multiply(sums, scale), target);
}

/// <summary>A row of two vectors.</summary>
internal unsafe struct LaneRow2<R, TRegisters, T>(R first, R second) : ILaneRow<LaneRow2<R, TRegisters, T>, R, T>
    where R : unmanaged
    where TRegisters : struct, IRegisters<R, T>
    where T : unmanaged
{
    private R _first = first, _second = second;

    static int ILaneRow<LaneRow2<R, TRegisters, T>, R, T>.Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TRegisters.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static LaneRow2<R, TRegisters, T> ILaneRow<LaneRow2<R, TRegisters, T>, R, T>.Load(T* source) => new(TRegisters.Load(source), TRegisters.Load(source + TRegisters.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILaneRow<LaneRow2<R, TRegisters, T>, R, T>.MultiplyAdd(R factor, in LaneRow2<R, TRegisters, T> lanes, ref LaneRow2<R, TRegisters, T> sums)
    {
        sums._first = TRegisters.MultiplyAdd(factor, lanes._first, sums._first);
        sums._second = TRegisters.MultiplyAdd(factor, lanes._second, sums._second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILaneRow<LaneRow2<R, TRegisters, T>, R, T>.Store(LaneRow2<R, TRegisters, T> sums, T* target, R scale, bool resume)
    {
        LaneRow1<R, TRegisters, T>.Store(sums._first, target, scale, resume);
        LaneRow1<R, TRegisters, T>.Store(sums._second, target + TRegisters.Count, scale, resume);
    }
}

/// <summary>A row of three vectors.</summary>
internal unsafe struct LaneRow3<R, TRegisters, T>(R first, R second, R third) : ILaneRow<LaneRow3<R, TRegisters, T>, R, T>
    where R : unmanaged
    where TRegisters : struct, IRegisters<R, T>
    where T : unmanaged
{
    private R _first = first, _second = second, _third = third;

    static int ILaneRow<LaneRow3<R, TRegisters, T>, R, T>.Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 3 * TRegisters.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static LaneRow3<R, TRegisters, T> ILaneRow<LaneRow3<R, TRegisters, T>, R, T>.Load(T* source) =>
        new(TRegisters.Load(source), TRegisters.Load(source + TRegisters.Count), TRegisters.Load(source + (2 * TRegisters.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILaneRow<LaneRow3<R, TRegisters, T>, R, T>.MultiplyAdd(R factor, in LaneRow3<R, TRegisters, T> lanes, ref LaneRow3<R, TRegisters, T> sums)
    {
        sums._first = TRegisters.MultiplyAdd(factor, lanes._first, sums._first);
        sums._second = TRegisters.MultiplyAdd(factor, lanes._second, sums._second);
        sums._third = TRegisters.MultiplyAdd(factor, lanes._third, sums._third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILaneRow<LaneRow3<R, TRegisters, T>, R, T>.Store(LaneRow3<R, TRegisters, T> sums, T* target, R scale, bool resume)
    {
        LaneRow1<R, TRegisters, T>.Store(sums._first, target, scale, resume);
        LaneRow1<R, TRegisters, T>.Store(sums._second, target + TRegisters.Count, scale, resume);
        LaneRow1<R, TRegisters, T>.Store(sums._third, target + (2 * TRegisters.Count), scale, resume);
    }
}
