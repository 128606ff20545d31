namespace FusionKernels;

/// <summary>The numbers by which a .wav file tells its encoding.</summary>
internal static class WavEncodings
{
    /// <summary>The format tag of whole numbers, <c>WAVE_FORMAT_PCM</c>.</summary>
    public const ushort PcmTag = 1;

    /// <summary>The format tag of IEEE numbers, <c>WAVE_FORMAT_IEEE_FLOAT</c>.</summary>
    public const ushort FloatTag = 3;

    /// <summary>The format tag of a header that names the true tag further on, <c>WAVE_FORMAT_EXTENSIBLE</c>.</summary>
    public const ushort ExtensibleTag = 0xFFFE;

    /// <summary>The encoding of a format tag and a number of bits; null when it is none of ours.</summary>
    public static WavEncoding? Find(ushort tag, int bits) => (tag, bits) switch
    {
        (PcmTag, 8) => WavEncoding.Pcm8,
        (PcmTag, 16) => WavEncoding.Pcm16,
        (PcmTag, 24) => WavEncoding.Pcm24,
        (PcmTag, 32) => WavEncoding.Pcm32,
        (FloatTag, 32) => WavEncoding.Ieee32,
        (FloatTag, 64) => WavEncoding.Ieee64,
        _ => null,
    };

    /// <summary>A format tag as messages say it.</summary>
    public static string TagName(ushort tag) => tag switch
    {
        PcmTag => "1 (PCM)",
        2 => "2 (ADPCM)",
        FloatTag => "3 (IEEE float)",
        6 => "6 (A-law)",
        7 => "7 (mu-law)",
        0x11 => "17 (IMA ADPCM)",
        0x31 => "49 (GSM)",
        0x55 => "85 (MP3)",
        _ => $"{tag}",
    };

    extension(WavEncoding encoding)
    {
        /// <summary>The bytes of one sample of one channel.</summary>
        public int Bytes => encoding switch
        {
            WavEncoding.Pcm8 => 1,
            WavEncoding.Pcm16 => 2,
            WavEncoding.Pcm24 => 3,
            WavEncoding.Pcm32 or WavEncoding.Ieee32 => 4,
            WavEncoding.Ieee64 => 8,
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "there is no such encoding"),
        };

        /// <summary>Whether samples are IEEE numbers.</summary>
        public bool IsFloat => encoding is WavEncoding.Ieee32 or WavEncoding.Ieee64;
    }
}
