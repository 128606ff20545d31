using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/files.md.</summary>
[TestFixture]
internal sealed class FileExamples : ExampleFixture
{
    [Test]
    public void SeriesFromFiles()
    {
        TimeSeriesSet<float> pulses = Ts.Read<float>("series.ts");               // with their labels
        TimeSeriesSet<float> runs = Csv.ReadSeries<float>("runs.csv");           // one series in each line, lengths free
        TimeSeriesSet<float> rows = TimeSeriesSet<float>.FromTensor("rows", Npy.Read<float>("x.npy"));
        Tensor<float> track = Csv.Read("flowers.csv").Without(2).ToTensor<float>();    // one series: a line for each time

        Assert.That((pulses.Count, runs.Count, rows.Count), Is.EqualTo((2, 3, 60)));
        Assert.That(runs.IsEqualLength, Is.False);
        Assert.That(track.Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 2 }));
    }

    [Test]
    public void Sound()
    {
        WavAudio<float> audio = Wav.Read<float>("word.wav");
        Console.WriteLine($"{audio.Channels} channels of {audio.Duration.TotalSeconds:0.0} s at {audio.SampleRate} Hz");
        Tensor<float> mono = audio.ToMono();                        // time x 1, the mean of the channels
        Tensor<float> cepstra = Mfcc.Compute(audio);                // frames x 13, mean and variance normalised
        Tensor<float> fine = Mfcc.Compute(audio, new() { MelFilters = 40, HopSeconds = 0.005 });

        Assert.That(mono.Lengths.ToArray(), Is.EqualTo(new nint[] { 4000, 1 }));
        Assert.That(cepstra.Lengths.ToArray(), Is.EqualTo(new nint[] { 49, 13 }));
        Assert.That(fine.Lengths[0], Is.EqualTo((nint)96));
    }
}
