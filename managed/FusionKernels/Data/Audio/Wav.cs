using System.Globalization;
using System.Numerics;

namespace FusionKernels;

/// <summary>Reads and writes .wav files (RIFF WAVE) of PCM with 8, 16, 24 or 32 bits and of IEEE numbers with 32 or 64 bits.</summary>
/// <remarks>
/// <para>Extensible headers are read; compressed sound is refused. Every length is held against the file's before memory is taken. Chunks other
/// than the format and the samples are passed over, and so is whatever follows the samples. Memory: the tensor plus at most 1 MiB. All members
/// are safe to call from any thread; a stream is used by one at a time.</para>
/// <para>Whole numbers of b bits are divided by 2^(b-1), which gives [-1, 1); <c>float</c> rounds the largest of 32 bits to 1. IEEE numbers, NaN
/// and infinities with them, are read as they stand. Source of the format: Microsoft, "New multiple channel audio data and WAVE files" (2007).</para>
/// </remarks>
public static class Wav
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">float or double; samples are rounded to the nearest value.</typeparam>
    /// <param name="path">The .wav file.</param>
    /// <returns>The samples, time x channels, and their rate.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, holds no sample, or is of an encoding that is not read.</exception>
    public static WavAudio<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using FileStream stream = DataFile.OpenRead(path);
        return Read<T>(stream, path);
    }

    /// <summary>Reads a file that reaches to the end of a stream, which stays open.</summary>
    /// <typeparam name="T">float or double; samples are rounded to the nearest value.</typeparam>
    /// <param name="stream">A seekable stream at the file's first byte.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <returns>The samples, time x channels, and their rate.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="DataFormatException">The content is malformed, holds no sample, or is of an encoding that is not read.</exception>
    public static WavAudio<T> Read<T>(Stream stream, string name = "stream")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BinarySource source = BinarySource.FromStream(stream, name);
        WavHeader header = WavHeaderReader.Read(source);
        return new WavAudio<T>(WavPayload.Read<T>(source, header), header.SampleRate);
    }

    /// <summary>Writes a file; it appears complete or not at all.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="audio">The sound.</param>
    /// <param name="encoding">How samples are held; 16 bits by default.</param>
    /// <exception cref="ArgumentException">A sample is beyond what the encoding holds (nothing is clipped), or there are more than a file counts.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, WavAudio<T> audio, WavEncoding encoding = WavEncoding.Pcm16)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var file = new AtomicFile(path);
        Write(file.Stream, audio, encoding);
        file.Commit();
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <remarks>
    /// Whole numbers are the nearest to 2^(b-1) times the sample, halves to even, and 1 itself is the largest. What a reader makes of the file is
    /// within half a step of the sample, one step at 1.
    /// </remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="stream">A stream that can be written.</param>
    /// <param name="audio">The sound.</param>
    /// <param name="encoding">How samples are held; 16 bits by default.</param>
    /// <exception cref="ArgumentException">A sample is beyond what the encoding holds (nothing is clipped), or there are more than a file counts.</exception>
    public static void Write<T>(Stream stream, WavAudio<T> audio, WavEncoding encoding = WavEncoding.Pcm16)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(audio);
        ReadOnlySpan<T> samples = DataTensor.Flatten(audio.Samples.AsReadOnlyTensorSpan());
        RequireHeld(samples, audio.Channels, encoding);
        byte[] header = Header(audio.Channels, audio.SampleRate, (long)samples.Length * encoding.Bytes, encoding);
        stream.Write(header);
        WavPayload.Write(stream, samples, encoding);
        if ((samples.Length & encoding.Bytes & 1) == 1)
            stream.WriteByte(0);
    }

    private static void RequireHeld<T>(ReadOnlySpan<T> samples, int channels, WavEncoding encoding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (WavPayload.IsHeld(double.CreateTruncating(samples[i]), encoding))
                continue;
            string range = encoding.IsFloat ? "the range of float32; write Ieee64" : "-1 to 1, which is all that whole numbers hold; scale the samples, or write Ieee32";
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"samples[{i / channels}, {i % channels}] is {samples[i]}, beyond {range}"), nameof(samples));
        }
    }

    private static byte[] Header(int channels, int sampleRate, long dataBytes, WavEncoding encoding)
    {
        // IEEE numbers need a longer 'fmt ' chunk and a count of the samples in a chunk 'fact'.
        int formatBytes = encoding.IsFloat ? 18 : 16;
        int factBytes = encoding.IsFloat ? 12 : 0;
        int blockBytes = channels * encoding.Bytes;
        long riffBytes = 4 + 8 + formatBytes + factBytes + 8 + dataBytes + (dataBytes & 1);
        long bytesPerSecond = (long)blockBytes * sampleRate;
        if (riffBytes > uint.MaxValue || blockBytes > ushort.MaxValue || bytesPerSecond > uint.MaxValue)
            throw new ArgumentException($"{dataBytes} bytes of samples, {blockBytes} at each time and {bytesPerSecond} in a second: a .wav file counts up to {uint.MaxValue}, {ushort.MaxValue} and {uint.MaxValue}; split the sound");

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("RIFF"u8);
        writer.Write((uint)riffBytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(formatBytes);
        writer.Write(encoding.IsFloat ? WavEncodings.FloatTag : WavEncodings.PcmTag);
        writer.Write((ushort)channels);
        writer.Write(sampleRate);
        writer.Write((uint)bytesPerSecond);
        writer.Write((ushort)blockBytes);
        writer.Write((ushort)(8 * encoding.Bytes));
        if (encoding.IsFloat)
        {
            writer.Write((ushort)0);
            writer.Write("fact"u8);
            writer.Write(4);
            writer.Write((uint)(dataBytes / blockBytes));
        }

        writer.Write("data"u8);
        writer.Write((uint)dataBytes);
        return bytes.ToArray();
    }
}
