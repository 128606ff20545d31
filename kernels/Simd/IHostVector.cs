namespace FusionKernels.Kernels.Simd;

/// <summary>What the host's micro-kernels need beside arithmetic: lanes in memory and across lanes.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IHostVector<TSelf, T> : IVector<TSelf, T>
    where TSelf : unmanaged, IHostVector<TSelf, T>
    where T : unmanaged
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes from consecutive elements, at any alignment.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>left less the lanes of consecutive elements, at any alignment: in one instruction, where <see cref="Load"/> would take another and a register.</summary>
    static abstract TSelf Subtract(TSelf left, T* right);

    /// <summary>As <see cref="IVector{TSelf, T}.MinNonNegative"/>, of lanes and consecutive elements, at any alignment.</summary>
    static abstract TSelf MinNonNegative(TSelf left, T* right);

    /// <summary>The first <paramref name="count"/> lanes (0 to Count) from memory, zero in the others; nothing beyond is read.</summary>
    static abstract TSelf LoadPartial(T* source, int count);

    /// <summary>Stores the lanes to consecutive elements, at any alignment.</summary>
    static abstract void Store(TSelf value, T* destination);

    /// <summary>Stores around the caches; <paramref name="destination"/> must be aligned to the vector's size.</summary>
    static abstract void StoreNonTemporal(TSelf value, T* destination);

    /// <summary>Stores the first <paramref name="count"/> lanes (0 to Count); nothing beyond is written.</summary>
    static abstract void StorePartial(TSelf value, T* destination, int count);

    /// <summary>Whether left &lt; right in any lane.</summary>
    static abstract bool AnyLess(TSelf left, TSelf right);

    /// <summary>The sum of the lanes, pairwise, in a fixed order.</summary>
    static abstract T Sum(TSelf value);

    /// <summary>Stores the sums of four vectors beside each other, each pairwise in one order, which need not be that of <see cref="Sum"/>.</summary>
    static abstract void StoreSums(TSelf first, TSelf second, TSelf third, TSelf fourth, T* destination);

    /// <summary>Every lane from the one behind it, the last one from the first of <paramref name="next"/>: what a window over consecutive vectors sees one element further on.</summary>
    static abstract TSelf ShiftIn(TSelf value, TSelf next);

    /// <summary>Runs an innermost loop on bare vectors of this width.</summary>
    static abstract void Run<TJob>(ref TJob job)
        where TJob : struct, IRegisterJob<T>;
}
