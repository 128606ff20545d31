namespace FusionKernels;

/// <summary>How a .wav file holds a sample.</summary>
public enum WavEncoding
{
    /// <summary>Unsigned whole numbers of 8 bits; 128 is silence.</summary>
    Pcm8,

    /// <summary>Signed whole numbers of 16 bits.</summary>
    Pcm16,

    /// <summary>Signed whole numbers of 24 bits.</summary>
    Pcm24,

    /// <summary>Signed whole numbers of 32 bits.</summary>
    Pcm32,

    /// <summary>IEEE numbers of 32 bits.</summary>
    Ieee32,

    /// <summary>IEEE numbers of 64 bits.</summary>
    Ieee64,
}
