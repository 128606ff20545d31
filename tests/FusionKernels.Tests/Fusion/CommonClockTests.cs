using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Series on one clock: resampling, warping, joint models, absent views.</summary>
[TestFixture]
[Parallelizable]
public sealed class CommonClockTests
{
    [Test]
    public void Resampling_is_linear_and_keeps_the_ends()
    {
        Tensor<double> ramp = Tensor.Create([0.0, 10, 1, 20, 2, 30], [3, 2]);
        Assert.That(FusionData.Flat(CommonClock.Resample(ramp, 5)), Is.EqualTo(new double[] { 0, 10, 0.5, 15, 1, 20, 1.5, 25, 2, 30 }).Within(1e-12));
        Assert.That(FusionData.Flat(CommonClock.Resample(ramp, 2)), Is.EqualTo(new double[] { 0, 10, 2, 30 }));
        Assert.That(FusionData.Flat(CommonClock.Resample(ramp, 1)), Is.EqualTo(new double[] { 1, 20 }));
        Assert.That(FusionData.Flat(CommonClock.Resample(Tensor.Create([7.0], [1]), 3)), Is.EqualTo(new double[] { 7, 7, 7 }));
        Assert.That(() => CommonClock.Resample(Tensor.Create<double>([], [0]), 3), Throws.ArgumentException);
    }

    [Test]
    public void Warping_brings_a_late_pulse_to_the_clock_of_the_reference()
    {
        Tensor<double> early = Pulse(30, 8), late = Pulse(30, 17);
        double[] warped = FusionData.Flat(CommonClock.Warp(late, early));
        Assert.That(Array.IndexOf(warped, warped.Max()), Is.EqualTo(8).Within(1));
        Assert.That(FusionData.Flat(CommonClock.Warp(early, early)), Is.EqualTo(FusionData.Flat(early)));

        static Tensor<double> Pulse(int steps, int at) => Tensor.Create([.. Enumerable.Range(0, steps).Select(t => Math.Exp(-(t - at) * (t - at) / 4.0))], [steps, 1]);
    }

    [Test]
    public void Joint_series_tell_what_no_view_alone_does_and_absent_cells_are_not_read([Values] bool warp, [Values(2, 3, 6)] int count)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f])
        {
            ViewsSplit split = Directions(48, count, poison).SplitFrom(32);
            CommonClockModel model = CommonClock.Fit(split.Train, new() { Warp = warp, Length = 12 });
            Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(0.7));
            double[] bits = [.. FusionData.Flat(model.PredictProbabilities(split.Test)), .. model.Explain(split.Test).Weights];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected));
            Assert.That(model.Predict(split.Test.Select("v0")), Is.EqualTo(model.Predict(split.Test.Blind([.. split.Test.Names.Skip(1)]))));
            Assert.That(FusionData.Flat(model.PredictProbabilities(split.Test.Blind([.. split.Test.Names]))).Chunk(4), Is.All.EqualTo(model.Prior.ToArray()));
        }

        Assert.That(() => CommonClock.Fit(FusionData.Halves(8, 2, 1)), Throws.ArgumentException.With.Message.Contains("'v0' is of Vectors: a common clock is of series"));
        Assert.That(() => CommonClock.Fit(Directions(48, count, float.NaN).WithPresence(Tensor.Create([.. Enumerable.Repeat(true, 48 * count)], [48, count]))), Throws.ArgumentException.With.Message.Contains("is not a finite number"));
    }

    /// <summary>By hand: one series at 0, 1, 2 and 3, another at 2, 3 and 4; the clock runs from 0 to 4, ends are held.</summary>
    [Test]
    public void Series_with_time_stamps_are_read_at_the_same_instants()
    {
        Tensor<double>[] early = [Tensor.Create([0.0, 10, 20, 30], [4])], late = [Tensor.Create([5.0, 7, 9], [3])];
        Views views = Views.Of(("early", View.Sequences(early, [[0.0, 1, 2, 3]], 1)), ("late", View.Sequences(late, [[2.0, 3, 4]], 0.5)), ("free", early));
        SeriesScaler[] scalers = [.. Enumerable.Range(0, 3).Select(m => SeriesScaler.Fit(views, m))];
        RowClock clock = RowClock.Fit(views, scalers, 9, 9);
        Assert.That((views["early"].Step, views["late"].Step, views["free"].Step), Is.EqualTo(((double?)1.0, (double?)0.5, (double?)null)));
        double[][] read = [.. clock.Read(views, 0, [0, 1, 2], views.Names).Select(one => FusionData.Flat(one!))];
        Assert.That(read[0], Is.EqualTo(new double[] { 0, 5, 10, 15, 20, 25, 30, 30, 30 }).Within(1e-12));
        Assert.That(read[1], Is.EqualTo(new double[] { 5, 5, 5, 5, 5, 6, 7, 8, 9 }).Within(1e-12));
        Assert.That(read[2], Is.EqualTo(Enumerable.Range(0, 9).Select(t => 3.75 * t)).Within(1e-12), "what has no times is spread over the row's clock");
        Assert.That(FusionData.Flat(clock.Read(views, 0, [-1, 1, -1], views.Names)[1]!), Is.EqualTo(Enumerable.Range(0, 9).Select(t => 5 + (t / 2.0))).Within(1e-12), "the clock is of the views that are there");

        // Files keep the times; rows that are taken, theirs.
        using TemporaryFolder folder = new();
        views.Take(0, 0).Save(folder["v.npz"]);
        Views kept = Views.Load(folder["v.npz"]).Take(1);
        Assert.That(clock.Read(kept, 0, [0, 1, 2], views.Names).Select(one => FusionData.Flat(one!)), Is.EqualTo(read));
        Assert.That(() => clock.Read(Views.Of(("early", early)), 0, [0, -1, -1], views.Names), Throws.ArgumentException.With.Message.Contains("view 'early' has no time stamps; the model was fitted to series that have"));
        Assert.That(() => clock.Read(Views.Of(("free", views["early"])), 0, [-1, -1, 0], views.Names), Throws.ArgumentException.With.Message.Contains("view 'free' has time stamps; the model was fitted to series without"));
    }

    /// <summary>Two pulses, of which the class is whether they come at once: spread from end to end they look alike, on one clock they do not.</summary>
    [TestCase("common-clock")]
    [TestCase("concat")]
    public void Time_stamps_tell_what_comes_at_once(string name)
    {
        Random random = new(6);
        const int Rows = 80;
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % 2)];
        double[][][] times = [new double[Rows][], new double[Rows][]];
        Tensor<double>[][] series = [new Tensor<double>[Rows], new Tensor<double>[Rows]];
        for (int row = 0; row < Rows; row++)
        {
            double start = 100 * random.NextDouble();
            for (int m = 0; m < 2; m++)
            {
                // The second sensor begins a second after the first one, or at once.
                double begin = start + (m == 1 && labels[row] == 1 ? 12 : 0);
                times[m][row] = [.. Enumerable.Range(0, 25).Select(t => begin + t)];
                series[m][row] = Tensor.Create([.. Enumerable.Range(0, 25).Select(t => Math.Exp(-(t - 12) * (t - 12) / 8.0) + (0.05 * FusionData.Gauss(random)))], [25]);
            }
        }

        Views timed = Views.Of(("a", View.Sequences(series[0], times[0], 1)), ("b", View.Sequences(series[1], times[1], 1))).WithLabels(labels);
        Views plain = Views.Of(("a", series[0]), ("b", series[1])).WithLabels(labels);
        Assert.That(Accuracy(timed), Is.GreaterThan(0.95));
        Assert.That(Accuracy(plain), Is.LessThan(0.75));

        double Accuracy(Views views) => FusionData.Accuracy(FusionStrategy.Named(name).Fit(views.SplitFrom(50).Train), views.SplitFrom(50).Test);
    }

    /// <summary>Series of lengths of their own, side by side; models of them in files.</summary>
    [TestCase("concat", 2)]
    [TestCase("concat", 3)]
    [TestCase("concat", 6)]
    [TestCase("common-clock", 3)]
    [TestCase("warped-clock", 3)]
    public void Strategies_of_series_tell_directions_and_keep_them_in_files(string name, int count)
    {
        using TemporaryFolder folder = new();
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f])
        {
            ViewsSplit split = Directions(48, count, poison).SplitFrom(32);
            FusionModel saved = FusionStrategy.Save(folder["m.npz"], split.Train, name), read = FusionStrategy.Load(folder["m.npz"]);
            Assert.That((saved.Strategy, read.Strategy, saved.IsKept), Is.EqualTo((name, name, true)));
            Assert.That(FusionData.Accuracy(saved, split.Test), Is.GreaterThan(0.7));
            double[] bits = [.. FusionData.Flat(saved.PredictProbabilities(split.Test)), .. saved.Explain(split.Test).Weights];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{poison}");
            foreach (Views rows in (Views[])[split.Test, split.Test.Select("v1"), split.Test.Blind("v0"), split.Test.Blind([.. split.Test.Names])])
            {
                Assert.That(FusionData.Flat(read.PredictProbabilities(rows)), Is.EqualTo(FusionData.Flat(saved.PredictProbabilities(rows))));
            }
        }
    }

    /// <summary>Absent series may be anything: empty, of other channels, of no shape of a series; the first row's too.</summary>
    [TestCase("common-clock")]
    [TestCase("warped-clock")]
    [TestCase("concat")]
    [TestCase("kernel-mean")]
    [TestCase("soft-vote")]
    [TestCase("gated")]
    public void The_shape_of_absent_series_changes_no_bit(string name)
    {
        using TemporaryFolder folder = new();
        double[]? expected = null;
        foreach (Tensor<float> stored in (Tensor<float>[])[Tensor.Create([1f, 2], [2, 1]), Tensor.Create(Array.Empty<float>(), [0]), Tensor.Create(new float[35], [5, 7]), Tensor.Create([float.NaN], [1, 1, 1])])
        {
            Views plain = Directions(48, 2, 0);
            bool[] present = [.. Enumerable.Range(0, 96).Select(at => at is not (0 or 68) && plain.IsPresent(at / 2, at % 2))];
            Views views = Views.Of([.. plain.Names.Select((view, m) => (view, View.Sequences([.. Enumerable.Range(0, 48).Select(row => present[(2 * row) + m] ? plain[view].Series<float>(row) : stored)])))])
                .WithLabels([.. plain.Labels!]).WithPresence(Tensor.Create(present, [48, 2]));
            ViewsSplit split = views.SplitFrom(34); // the first test row lacks the first view, as the first training row does
            FusionModel model = FusionStrategy.Named(name).Fit(split.Train);
            double[] bits = FusionData.Flat(model.PredictProbabilities(split.Test));
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{stored.Rank} dimensions, {stored.FlattenedLength} values");
            FusionStrategy.Save(folder["m.npz"], split.Train, name);
            Assert.That(FusionData.Flat(FusionStrategy.Load(folder["m.npz"]).PredictProbabilities(split.Test)), Is.EqualTo(expected));
        }
    }

    /// <summary>Views that rise or fall, of lengths of their own: of two neighbours the class is both directions; one cell in twelve is absent.</summary>
    internal static Views Directions(int rows, int count, float poison)
    {
        Random random = new(4);
        bool[] present = [.. Enumerable.Range(0, rows * count).Select(at => at % 24 is not (5 or 18))];
        Tensor<float>[][] views = [.. Enumerable.Range(0, count).Select(_ => new Tensor<float>[rows])];
        for (int i = 0; i < rows; i++)
        {
            for (int m = 0; m < count; m++) views[m][i] = Ramp(m % 2 == 0 ? i % 4 < 2 : i % 2 == 0, present[(i * count) + m]);
        }

        return Views.Of([.. views.Select((series, m) => ($"v{m}", View.Sequences(series)))]).WithLabels([.. Enumerable.Range(0, rows).Select(i => i % 4)]).WithPresence(Tensor.Create(present, [rows, count]));

        Tensor<float> Ramp(bool rises, bool isPresent)
        {
            int length = 9 + random.Next(6);
            float[] values = [.. Enumerable.Range(0, length).Select(t => ((rises ? t : length - t) / 5f) + (0.1f * (float)FusionData.Gauss(random)))];
            return Tensor.Create(isPresent ? values : [.. values.Select(_ => poison)], [length]);
        }
    }
}
