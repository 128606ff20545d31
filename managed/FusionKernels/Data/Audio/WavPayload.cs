using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Turns the bytes of a .wav file into samples and back.</summary>
internal static class WavPayload
{
    /// <summary>Samples turned at once: at most 512 KiB, which stays in the second-level cache.</summary>
    private const int ChunkSamples = 64 * 1024;

    /// <summary>Reads all samples.</summary>
    /// <exception cref="DataFormatException">The samples do not fit one tensor, or one is beyond the range of <typeparamref name="T"/>.</exception>
    public static Tensor<T> Read<T>(BinarySource source, WavHeader header)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Int128 count = (Int128)header.Length * header.Channels;
        if (count > Array.MaxLength)
            throw source.Error(header.DataOffset, $"at most {Array.MaxLength} samples in one tensor", $"{count}");
        T[] samples = GC.AllocateUninitializedArray<T>((int)count);
        int width = header.Encoding.Bytes;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(Math.Min(ChunkSamples, samples.Length) * width);
        try
        {
            for (int first = 0; first < samples.Length; first += ChunkSamples)
            {
                Span<T> decoded = samples.AsSpan(first, Math.Min(ChunkSamples, samples.Length - first));
                Span<byte> bytes = chunk.AsSpan(0, decoded.Length * width);
                source.Read(bytes);
                int beyond = Decode(bytes, header.Encoding, decoded);
                if (beyond >= 0)
                    throw Beyond<T>(source, header.DataOffset + ((long)(first + beyond) * width), bytes.Slice(beyond * width, width));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return Tensor.Create(samples, [(nint)header.Length, header.Channels]);
    }

    /// <summary>Writes samples, which the caller has checked with <see cref="IsHeld"/>.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> samples, WavEncoding encoding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = encoding.Bytes;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(Math.Min(ChunkSamples, samples.Length) * width);
        try
        {
            for (int first = 0; first < samples.Length; first += ChunkSamples)
            {
                ReadOnlySpan<T> some = samples.Slice(first, Math.Min(ChunkSamples, samples.Length - first));
                for (int i = 0; i < some.Length; i++)
                    EncodeOne(double.CreateTruncating(some[i]), encoding, chunk.AsSpan(i * width, width));
                stream.Write(chunk, 0, some.Length * width);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Whether an encoding can hold a sample: whole numbers hold -1 to 1, IEEE numbers what they do not turn into infinity.</summary>
    public static bool IsHeld(double sample, WavEncoding encoding) => encoding switch
    {
        WavEncoding.Ieee64 => true,
        WavEncoding.Ieee32 => float.IsFinite((float)sample) || !double.IsFinite(sample),
        _ => Math.Abs(sample) <= 1,
    };

    /// <summary>Decodes samples; gives the first that is finite in the file but not as <typeparamref name="T"/>, or -1.</summary>
    private static int Decode<T>(ReadOnlySpan<byte> bytes, WavEncoding encoding, Span<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = encoding.Bytes;
        for (int i = 0; i < samples.Length; i++)
        {
            // Every encoding is exact in double, so there is one rounding at most.
            double sample = DecodeOne(bytes.Slice(i * width, width), encoding);
            samples[i] = T.CreateTruncating(sample);
            if (!T.IsFinite(samples[i]) && double.IsFinite(sample))
                return i;
        }

        return -1;
    }

    private static double DecodeOne(ReadOnlySpan<byte> bytes, WavEncoding encoding) => encoding switch
    {
        WavEncoding.Pcm8 => (bytes[0] - 128) / FullScale(8),
        WavEncoding.Pcm16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) / FullScale(16),
        WavEncoding.Pcm24 => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / FullScale(24),
        WavEncoding.Pcm32 => BinaryPrimitives.ReadInt32LittleEndian(bytes) / FullScale(32),
        WavEncoding.Ieee32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private static void EncodeOne(double sample, WavEncoding encoding, Span<byte> bytes)
    {
        switch (encoding)
        {
            case WavEncoding.Pcm8:
                bytes[0] = (byte)(ToPcm(sample, 8) + 128);
                break;
            case WavEncoding.Pcm16:
                BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)ToPcm(sample, 16));
                break;
            case WavEncoding.Pcm24:
                int value = ToPcm(sample, 24);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
                bytes[2] = (byte)(value >> 16);
                break;
            case WavEncoding.Pcm32:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, ToPcm(sample, 32));
                break;
            case WavEncoding.Ieee32:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)sample);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, sample);
                break;
        }
    }

    /// <summary>The nearest whole number; 1 itself, which there is none for, becomes the largest.</summary>
    private static int ToPcm(double sample, int bits) =>
        (int)Math.Min(Math.Round(sample * FullScale(bits), MidpointRounding.ToEven), FullScale(bits) - 1);

    /// <summary>The whole number that stands for 1.</summary>
    private static double FullScale(int bits) => 1L << (bits - 1);

    private static DataFormatException Beyond<T>(BinarySource source, long position, ReadOnlySpan<byte> bytes)
        where T : unmanaged => source.Error(
            position,
            $"a sample within the range of {NpyTypes.Of<T>().Name}",
            BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString(CultureInfo.InvariantCulture));
}
