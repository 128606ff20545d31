namespace FusionKernels.Kernels.Simd;

/// <summary>
/// A row of the register tile of an innermost loop: vectors side by side, passed by reference, so that each stays in its register.
/// Of rows that are returned, or of sums in a <see cref="IHostVector{TSelf, T}"/>, the compiler moves many out of the registers
/// of factors that die in a multiply-add.
/// </summary>
/// <typeparam name="TSelf">The row.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ILaneRow<TSelf, T>
    where TSelf : unmanaged
    where T : unmanaged
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes from consecutive elements, at any alignment.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>Adds to each sum what its lane and an element give.</summary>
    static abstract void Accumulate(T element, in TSelf lanes, ref TSelf sums);

    /// <summary>Stores the lanes to consecutive elements, at any alignment.</summary>
    static abstract void Store(in TSelf lanes, T* target);
}
