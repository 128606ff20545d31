namespace FusionKernels.Cli;

/// <summary>What is taken from the sound of a .wav file.</summary>
internal enum SeriesFeatures
{
    /// <summary>The samples, mixed to mono.</summary>
    Samples,

    /// <summary>13 mel-frequency cepstra in each frame, mean and variance normalised.</summary>
    Mfcc,
}
