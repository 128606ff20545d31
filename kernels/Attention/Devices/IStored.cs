using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>In which format an operand lies in device memory; it becomes float32 on its way to a tile. Every member folds at compile time.</summary>
/// <typeparam name="TRaw">What an element takes of memory.</typeparam>
internal interface IStored<TRaw>
    where TRaw : unmanaged
{
    /// <summary>The format.</summary>
    static abstract AttentionStorage Format { get; }

    /// <summary>Four elements; zero beyond the valid ones.</summary>
    /// <param name="memory">Device memory.</param>
    /// <param name="first">The first element.</param>
    /// <param name="step">Elements from one to the next.</param>
    /// <param name="valid">How many may be read; may be negative.</param>
    /// <param name="isVector">1 where four contiguous elements from <paramref name="first"/> are aligned.</param>
    static abstract Quad<Lane32> Load(ArrayView<TRaw> memory, long first, long step, int valid, int isVector);

    /// <summary>An element of a number.</summary>
    static abstract TRaw Narrow(float value);
}

/// <summary>Float32.</summary>
internal readonly struct StoredFloat32 : IStored<float>
{
    /// <inheritdoc/>
    public static AttentionStorage Format => AttentionStorage.Element;

    /// <inheritdoc/>
    public static Quad<Lane32> Load(ArrayView<float> memory, long first, long step, int valid, int isVector) => QuadAccess.Load<Lane32, float>(memory, first, step, valid, isVector);

    /// <inheritdoc/>
    public static float Narrow(float value) => value;
}

/// <summary>Binary16.</summary>
internal readonly struct StoredFloat16 : IStored<ushort>
{
    /// <inheritdoc/>
    public static AttentionStorage Format => AttentionStorage.Float16;

    /// <inheritdoc/>
    public static Quad<Lane32> Load(ArrayView<ushort> memory, long first, long step, int valid, int isVector)
    {
        Quad<ushort> bits = StoredQuad.Load(memory, first, step, valid, isVector);
        return new() { X = new(StoredBits.FromFloat16(bits.X)), Y = new(StoredBits.FromFloat16(bits.Y)), Z = new(StoredBits.FromFloat16(bits.Z)), W = new(StoredBits.FromFloat16(bits.W)) };
    }

    /// <inheritdoc/>
    public static ushort Narrow(float value) => StoredBits.ToFloat16(value);
}

/// <summary>The upper half of a float32.</summary>
internal readonly struct StoredBFloat16 : IStored<ushort>
{
    /// <inheritdoc/>
    public static AttentionStorage Format => AttentionStorage.BFloat16;

    /// <inheritdoc/>
    public static Quad<Lane32> Load(ArrayView<ushort> memory, long first, long step, int valid, int isVector)
    {
        Quad<ushort> bits = StoredQuad.Load(memory, first, step, valid, isVector);
        return new() { X = new(StoredBits.FromBFloat16(bits.X)), Y = new(StoredBits.FromBFloat16(bits.Y)), Z = new(StoredBits.FromBFloat16(bits.Z)), W = new(StoredBits.FromBFloat16(bits.W)) };
    }

    /// <inheritdoc/>
    public static ushort Narrow(float value) => StoredBits.ToBFloat16(value);
}

/// <summary>Four elements of 16 bits, as they lie in memory.</summary>
internal static class StoredQuad
{
    /// <summary>Four elements; zero beyond the valid ones. As <see cref="IStored{TRaw}.Load"/>.</summary>
    public static Quad<ushort> Load(ArrayView<ushort> memory, long first, long step, int valid, int isVector)
    {
        if (isVector != 0 && valid >= 4) return memory.Cast<Quad<ushort>>()[first >> 2];
        Quad<ushort> quad = default;
        if (valid > 0) quad.X = memory[first];
        if (valid > 1) quad.Y = memory[first + step];
        if (valid > 2) quad.Z = memory[first + (2 * step)];
        if (valid > 3) quad.W = memory[first + (3 * step)];
        return quad;
    }
}
