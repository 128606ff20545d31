using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/warping.md.</summary>
[TestFixture]
internal sealed class WarpingExamples : ExampleFixture
{
    private readonly Tensor<float>[] recordings = [.. Enumerable.Range(0, 60).Select(i => Wave(16 + (i % 5), 0.1f * i))];
    private readonly float[] query = Values(32, 0.3f);
    private readonly float[] stream = Values(2000, 0);
    private readonly TimeSeriesSet<float> training = Pulses(5, 12);
    private readonly TimeSeriesSet<float> test = Pulses(4, 14);

    [Test]
    public void FirstWarp()
    {
        float distance = Dtw.Distance<float>([0, 0, 1, 2, 1, 0], [0, 1, 2, 1, 0, 0]);    // 0: the same at another pace
        DtwAlignment<float> fit = Dtw.Align<float>([1, 2, 3, 5], [1, 3, 3, 4, 6]);
        foreach ((int i, int j) in fit.Path) Console.WriteLine($"x[{i}] is matched with y[{j}]");

        Assert.That(distance, Is.Zero);
        Assert.That(fit.Path[^1], Is.EqualTo((3, 4)));
    }

    [Test]
    public void WarpOptions()
    {
        DtwOptions options = new()
        {
            Window = WarpingWindow.Radius(2),
            Step = StepPattern.ByName("symmetricP1"),
            Cost = PointCost.Absolute,
        };
        DtwAlignment<double> fit = Dtw.Align<double>([1, 2, 4, 8, 4, 2], [1, 4, 8, 8, 3, 2], options);
        double perSample = fit.NormalizedDistance!.Value;                   // over the lengths that the step pattern names
        Tensor<double> costs = Dtw.CostMatrix<double>([1, 2, 4], [1, 4]);   // accumulated, 3 x 2

        Assert.That(perSample, Is.EqualTo(fit.Distance / 12).Within(1e-12));
        Assert.That(costs.Lengths.ToArray(), Is.EqualTo((nint[])[3, 2]));
    }

    [Test]
    public void OwnSteps()
    {
        StepPattern skipping = new("skipping", [
            new(1, 1, [new(0, 0, 1)]),                      // the next sample of both
            new(2, 1, [new(0, 0, 1.5)]),                    // a sample of x is left out
            new(1, 2, [new(0, 0, 1.5)]),                    // a sample of y is left out
        ]);
        double distance = Dtw.Distance<double>([1, 2, 99, 3], [1, 2, 3], new() { Step = skipping });

        Assert.That(distance, Is.Zero);
    }

    [Test]
    public void AllPairs()
    {
        Tensor<float> all = Dtw.Distances(recordings);                       // every pair once, symmetric to the last bit, where both ways cost the same
        Tensor<float> some = Dtw.Distances(recordings[..2], recordings);     // two against all
        Dtw.DistancesTo("distances.npy", recordings);                        // written block by block; interrupted? the same call goes on

        Assert.That(all[3, 7], Is.EqualTo(all[7, 3]));
        Assert.That(some[1, 9], Is.EqualTo(all[1, 9]));
        Assert.That(Npy.Read<float>("distances.npy").ToArray(), Is.EqualTo(all.ToArray()));
    }

    [Test]
    public void SubtitlesOntoSpeech()
    {
        DtwAlignment<double> fit = Dtw.Align<double>([0, 1, 0, 2, 0], [0, 0, 1, 1, 0, 0, 2, 2, 0]);
        ClockMap clocks = fit.Path.Clocks(rateX: 1, rateY: 2);      // one subtitle frame a second, two frames of speech
        double spoken = clocks.ToY(3);                              // when the second peak is heard
        Tensor<float> speech = Tensor.Create<float>([1, 2, 3, 4, 5, 6, 7, 8, 9], [9]);
        Tensor<float> onSubtitles = fit.Path.WarpOntoX(speech);     // anything that runs with y, on the clock of x

        Assert.That(spoken, Is.EqualTo(3.25));
        Assert.That(onSubtitles[3], Is.EqualTo(7.5f));
    }

    [Test]
    public void SoftWarp()
    {
        Tensor<double> x = Tensor.Create<double>([1, 2, 3, 5], [4]), y = Tensor.Create<double>([1, 3, 3, 4, 6], [5]);
        SoftDtwGradient<double> soft = SoftDtw.ValueAndGradient(x, y, new() { Gamma = 0.5 });    // .Value, .X and .Y
        double divergence = SoftDtw.Divergence(x, y, new() { Gamma = 0.5 });
        Tensor<double> expected = SoftDtw.ExpectedAlignment(x, y);                               // 4 x 5

        Assert.That(soft.X.FlattenedLength, Is.EqualTo((nint)4));
        Assert.That(divergence, Is.Positive);
        Assert.That(expected[0, 0], Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void PathOfAMeasure()
    {
        Tensor<double> x = Tensor.Create<double>([1, 2, 3, 5], [4]), y = Tensor.Create<double>([1, 3, 3, 4, 6], [5]);
        DtwAlignment<double> edits = ElasticDistance.Align(x, y, new MsmOptions { Cost = 0.5 });      // .Distance and .Path
        Tensor<double> table = ElasticDistance.CostMatrix(x, y, new MsmOptions { Cost = 0.5 });       // 4 x 5

        Assert.That(table[3, 4], Is.EqualTo(edits.Distance));
        Assert.That(edits.Path[^1], Is.EqualTo((3, 4)));
    }

    [Test]
    public void SequencesAndVectorsFuse()
    {
        GlobalAlignmentKernel<float> sequences = GlobalAlignment.Fit(recordings, new() { Sigma = 2 });
        Kernel fused = 0.5 * sequences.Training + 0.5 * Kernel.Rbf();
        Tensor<float> k = Gram.Compute(x, fused);                   // row i of x goes with recording i

        Assert.That(k[4, 4], Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void Averages()
    {
        BarycenterResult<float> mean = Barycenter.Dba(recordings);              // .Series, .Cost, .Converged
        BarycenterResult<float> smooth = Barycenter.Soft(recordings);
        int medoid = Barycenter.Medoid(recordings);                             // the member nearest to all

        Assert.That(mean.Cost, Is.LessThanOrEqualTo(mean.Costs[0]));
        Assert.That(smooth.Series.IsEmpty, Is.False);
        Assert.That(medoid, Is.InRange(0, recordings.Length - 1));
    }

    [Test]
    public void SearchAStream()
    {
        DtwSearchResult<float> found = DtwSearch.Find<float>(query, stream, new() { Count = 3, Window = WarpingWindow.Fraction(0.05) });
        foreach (DtwSearchMatch<float> match in found.Matches) Console.WriteLine($"{match.Position}: {match.Distance}");
        Console.WriteLine(found.Ledger);                            // what each bound removed

        Assert.That(found.Matches, Has.Count.EqualTo(3));
    }

    [Test]
    public void ClassifySeries()
    {
        DtwClassifier<float> nearest = DtwClassifier<float>.Fit(training, options: new() { Window = WarpingWindow.Fraction(0.1) });
        DtwClassifierScore score = nearest.Score(test);
        Console.WriteLine($"{score.Errors} of {score.Total} wrong");

        Assert.That(score.Errors, Is.Zero);
    }

    private static float[] Values(int length, float phase) =>
        [.. Enumerable.Range(0, length).Select(i => MathF.Sin((0.2f * i) + phase) + MathF.Sin((0.031f * i) + (2 * phase)))];

    private static Tensor<float> Wave(int length, float phase) => Tensor.Create(Values(length, phase), [length]);

    /// <summary>Series that rise, and series that fall.</summary>
    private static TimeSeriesSet<float> Pulses(int each, int length) => new(
        "pulses",
        [.. Enumerable.Range(0, 2 * each).Select(i => Tensor.Create(Enumerable.Range(0, length).Select(t => (i % 2 == 0 ? t : length - t) + (0.1f * i)).ToArray(), [length, 1]))],
        ClassLabels.From([.. Enumerable.Range(0, 2 * each).Select(i => i % 2 == 0 ? "up" : "down")]));
}
