namespace FusionKernels.Kernels.Simd;

/// <summary>
/// A width's vectors as the hardware holds them, for the sums of the innermost loops. Of sums in a <see cref="IHostVector{TSelf, T}"/>,
/// which are fields of a wrapper, the compiler moves every second one out of the register of the factor that dies in a multiply-add.
/// </summary>
/// <typeparam name="TVector">The vector, without a wrapper.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IRegisters<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes from consecutive elements, at any alignment.</summary>
    static abstract TVector Load(T* source);

    /// <summary>One value in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>a * b + addend, fused where the hardware can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector addend);

    /// <summary>left + right.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>left * right.</summary>
    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>Stores the lanes to consecutive elements, at any alignment.</summary>
    static abstract void Store(TVector value, T* destination);
}
