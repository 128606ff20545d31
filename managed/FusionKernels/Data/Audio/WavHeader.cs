namespace FusionKernels;

/// <summary>What a .wav file says of its samples.</summary>
/// <param name="Encoding">How a sample is held.</param>
/// <param name="Channels">The channels, from 1.</param>
/// <param name="SampleRate">Samples per second and channel, from 1.</param>
/// <param name="DataOffset">The byte at which the samples start.</param>
/// <param name="Length">The samples of each channel, from 1.</param>
internal readonly record struct WavHeader(WavEncoding Encoding, int Channels, int SampleRate, long DataOffset, long Length);
