using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FusionKernels;

/// <summary>Reads the elements of a .npy array into a row-major tensor, converting type, byte order and index order on the way.</summary>
internal static class NpyPayload
{
    /// <summary>Elements read at once: 512 KiB of doubles, large enough to hide the cost of a call, small enough for the second-level cache.</summary>
    private const int ChunkElements = 64 * 1024;

    private delegate void ChunkConversion<TStored, T>(ReadOnlySpan<TStored> stored, Span<T> converted, long firstElement);

    /// <summary>Reads elements of the very type the file holds.</summary>
    public static Tensor<T> Read<T>(BinarySource source, NpyHeader header)
        where T : unmanaged
    {
        RequireType<T>(source, header);
        return Read<T, T>(source, header, static (stored, converted, _) => stored.CopyTo(converted));
    }

    /// <summary>Reads elements of any type as <typeparamref name="T"/>.</summary>
    public static Tensor<T> ReadAs<T>(BinarySource source, NpyHeader header, ValueConversion conversion)
        where T : unmanaged, INumber<T>
    {
        if (NpyTypes.Of<T>() == header.ElementType)
            return Read<T>(source, header);
        return header.ElementType switch
        {
            NpyType.F4 => Convert<float, T>(source, header, conversion),
            NpyType.F8 => Convert<double, T>(source, header, conversion),
            NpyType.I4 => Convert<int, T>(source, header, conversion),
            NpyType.I8 => Convert<long, T>(source, header, conversion),
            NpyType.U1 => Convert<byte, T>(source, header, conversion),
            _ => Read<bool, T>(source, header, static (stored, converted, _) =>
            {
                for (int i = 0; i < stored.Length; i++)
                    converted[i] = stored[i] ? T.One : T.Zero;
            }),
        };
    }

    /// <summary>Refuses a file that holds another type than <typeparamref name="T"/>.</summary>
    public static void RequireType<T>(BinarySource source, NpyHeader header)
        where T : unmanaged
    {
        NpyType wanted = NpyTypes.Of<T>();
        if (header.ElementType != wanted)
            throw source.Error(0, $"elements of type {wanted.Name}", $"{header.ElementType.Name}; ReadAs converts between types");
    }

    /// <summary>Brings elements read from a file into this machine's byte order and refuses bytes that are no truth value.</summary>
    public static void Normalize<T>(Span<T> elements, BinarySource source, NpyHeader header, long firstElement)
        where T : unmanaged
    {
        if (typeof(T) == typeof(bool))
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(elements);
            int wrong = bytes.IndexOfAnyExceptInRange((byte)0, (byte)1);
            if (wrong >= 0)
                throw source.Error(header.DataOffset + firstElement + wrong, "a truth value, byte 0 or 1", $"byte {bytes[wrong]}");
        }
        else if (Unsafe.SizeOf<T>() > 1 && header.IsBigEndian == BitConverter.IsLittleEndian)
        {
            if (Unsafe.SizeOf<T>() == 4)
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, int>(elements), MemoryMarshal.Cast<T, int>(elements));
            else
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, long>(elements), MemoryMarshal.Cast<T, long>(elements));
        }
    }

    private static Tensor<T> Convert<TStored, T>(BinarySource source, NpyHeader header, ValueConversion conversion)
        where TStored : unmanaged, INumber<TStored>
        where T : unmanaged, INumber<T>
    {
        bool floating = typeof(T) == typeof(float) || typeof(T) == typeof(double);
        if (conversion == ValueConversion.Round && !floating)
            throw new ArgumentException($"values are rounded to float or double only, not to {typeof(T).Name}; ask for ValueConversion.Exact", nameof(conversion));
        return Read<TStored, T>(source, header, (stored, converted, firstElement) =>
        {
            for (int i = 0; i < stored.Length; i++)
            {
                T value = T.CreateSaturating(stored[i]);
                bool kept = conversion == ValueConversion.Exact ? IsSame(stored[i], value) : T.IsFinite(value) || !TStored.IsFinite(stored[i]);
                if (!kept)
                    throw NotHeld<T>(source, header, firstElement + i, stored[i].ToString(null, CultureInfo.InvariantCulture), conversion);
                converted[i] = value;
            }
        });
    }

    private static DataFormatException NotHeld<T>(BinarySource source, NpyHeader header, long element, string value, ValueConversion conversion)
        where T : unmanaged
    {
        string name = NpyTypes.Of<T>().Name;
        bool floating = typeof(T) == typeof(float) || typeof(T) == typeof(double);
        string expected = conversion == ValueConversion.Round ? $"a value within the range of {name}"
            : $"a value that {name} holds exactly" + (floating ? " (ValueConversion.Round rounds)" : "");
        return source.Error(header.DataOffset + (element * header.ElementType.Bytes), expected, $"the {header.ElementType.Name} {value}");
    }

    private static bool IsSame<TStored, T>(TStored stored, T value)
        where TStored : unmanaged, INumber<TStored>
        where T : unmanaged, INumber<T>
    {
        bool bothFloating = typeof(TStored) == typeof(float) || typeof(TStored) == typeof(double);
        bothFloating &= typeof(T) == typeof(float) || typeof(T) == typeof(double);
        if (bothFloating)
            return TStored.IsNaN(stored) ? T.IsNaN(value) : TStored.CreateSaturating(value) == stored;
        // 128 bits hold every value of both sides, so a value that was clamped into range cannot look unchanged.
        return TStored.IsInteger(stored) && Int128.CreateSaturating(stored) == Int128.CreateSaturating(value);
    }

    private static Tensor<T> Read<TStored, T>(BinarySource source, NpyHeader header, ChunkConversion<TStored, T> convert)
        where TStored : unmanaged
        where T : unmanaged
    {
        if (header.ElementCount > Array.MaxLength)
            throw source.Error(header.DataOffset, $"at most {Array.MaxLength} elements in one tensor", $"{header.ElementCount}; read it by rows with NpyRowReader");
        T[] elements = header.ElementCount == 0 ? [] : GC.AllocateUninitializedArray<T>((int)header.ElementCount);
        var placement = new FortranPlacement<T>(elements, header.Shape);
        int chunkLength = Math.Min(ChunkElements, elements.Length);
        TStored[] chunk = ArrayPool<TStored>.Shared.Rent(chunkLength);
        T[] turned = header.IsFortranOrder ? ArrayPool<T>.Shared.Rent(chunkLength) : [];
        try
        {
            for (int first = 0; first < elements.Length; first += chunkLength)
            {
                Span<TStored> stored = chunk.AsSpan(0, Math.Min(chunkLength, elements.Length - first));
                source.Read(MemoryMarshal.AsBytes(stored));
                Normalize(stored, source, header, first);
                Span<T> converted = header.IsFortranOrder ? turned.AsSpan(0, stored.Length) : elements.AsSpan(first, stored.Length);
                convert(stored, converted, first);
                if (header.IsFortranOrder)
                    placement.Put(converted);
            }
        }
        finally
        {
            ArrayPool<TStored>.Shared.Return(chunk);
            if (header.IsFortranOrder)
                ArrayPool<T>.Shared.Return(turned);
        }

        return ToTensor(elements, header.Shape);
    }

    /// <summary>A tensor has at least one dimension, so an array of rank 0 becomes one of shape (1).</summary>
    private static Tensor<T> ToTensor<T>(T[] elements, IReadOnlyList<long> shape)
    {
        nint[] lengths = shape.Count == 0 ? [1] : [.. shape.Select(length => (nint)length)];
        return Tensor.Create(elements, lengths);
    }
}
