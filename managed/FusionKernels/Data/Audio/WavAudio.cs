using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Sound: samples at an even clock. Immutable as long as its tensor is left alone.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class WavAudio<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Puts samples and their clock together.</summary>
    /// <param name="samples">time x channels, at least 1 x 1; full scale is -1 to 1.</param>
    /// <param name="sampleRate">Samples per second and channel, from 1.</param>
    /// <exception cref="ArgumentException">The samples are no matrix, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 1.</exception>
    public WavAudio(Tensor<T> samples, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        if (samples.Rank != 2 || samples.IsEmpty)
            throw new ArgumentException($"the samples have the shape ({string.Join(", ", samples.Lengths.ToArray())}); sound is time x channels, at least 1 x 1", nameof(samples));
        Samples = samples;
        SampleRate = sampleRate;
    }

    /// <summary>time x channels, row-major; full scale is -1 to 1.</summary>
    public Tensor<T> Samples { get; }

    /// <summary>Samples per second and channel, in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>The number of channels: 1 is mono, 2 is left and right.</summary>
    public int Channels => (int)Samples.Lengths[1];

    /// <summary>How long the sound lasts.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Lengths[0] / SampleRate);

    /// <summary>Mixes all channels into one.</summary>
    /// <returns>time x 1: at each time the mean of the channels, summed in double in their order. Mono sound gives <see cref="Samples"/> itself.</returns>
    public Tensor<T> ToMono()
    {
        if (Channels == 1)
            return Samples;
        ReadOnlySpan<T> elements = DataTensor.Flatten(Samples.AsReadOnlyTensorSpan());
        var mono = new T[Samples.Lengths[0]];
        for (int time = 0; time < mono.Length; time++)
        {
            double sum = 0;
            foreach (T sample in elements.Slice(time * Channels, Channels))
                sum += double.CreateTruncating(sample);
            mono[time] = T.CreateTruncating(sum / Channels);
        }

        return Tensor.Create(mono, [mono.Length, 1]);
    }
}
