using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Nearest neighbours and what they vote for.</summary>
[TestFixture]
internal sealed class ClassifierTests
{
    [TestCase("GunPoint", ChannelAlignment.Dependent, 14, 150)]
    [TestCase("ItalyPowerDemand", ChannelAlignment.Dependent, 51, 1029)]
    [TestCase("BasicMotions", ChannelAlignment.Dependent, 1, 40)]
    [TestCase("BasicMotions", ChannelAlignment.Independent, 0, 40)]
    public void Published_errors_of_the_nearest_neighbour_are_met(string name, ChannelAlignment channels, int errors, int total)
    {
        TimeSeriesSet<float> training = Ts.Read<float>(SharedData.Require($"ucr/{name}_TRAIN.ts")), test = Ts.Read<float>(SharedData.Require($"ucr/{name}_TEST.ts"));
        DtwClassifierScore score = DtwClassifier<float>.Fit(training, options: new() { Channels = channels }).Score(test);
        Assert.That(score, Is.EqualTo(new DtwClassifierScore(errors, total)));
        Assert.That(score.Error + score.Accuracy, Is.EqualTo(1).Within(1e-15));
    }

    [TestCase("GunPoint", PointCost.SquaredEuclidean, 5)]
    [TestCase("GunPoint", PointCost.Absolute, 150)]
    [TestCase("ItalyPowerDemand", PointCost.Euclidean, 1)]
    [TestCase("ItalyPowerDemand", PointCost.SquaredEuclidean, 0)]
    public void Bounds_find_the_neighbours_of_all_distances_to_the_last_bit(string name, PointCost cost, int radius)
    {
        TimeSeriesSet<float> training = Ts.Read<float>(SharedData.Require($"ucr/{name}_TRAIN.ts")), test = Ts.Read<float>(SharedData.Require($"ucr/{name}_TEST.ts"));
        SeriesPack<float> x = SeriesPacking.Pack(test.Series, "x", default), y = SeriesPacking.Pack(training.Series, "y", default);
        DtwOptions options = new() { Cost = cost, Window = WarpingWindow.Radius(radius) };
        Same(SeriesNeighbours.Find(x, y, 3, options, "test", bounded: true), SeriesNeighbours.Find(x, y, 3, options, "test", bounded: false));
        Same(SeriesNeighbours.Find(y, null, 2, options, "test", bounded: true), SeriesNeighbours.Find(y, null, 2, options, "test", bounded: false));
    }

    [Test]
    public void Equally_near_series_come_in_their_order()
    {
        Random random = new(1);
        Tensor<double>[] series = [.. Enumerable.Range(0, 60).Select(_ => Tensor.Create(SearchCases.Steps<double>(random, 9, 2), [9]))];
        SeriesPack<double> pack = SeriesPacking.Pack(series, "x", default);
        DtwOptions options = new() { Window = WarpingWindow.Radius(1) };
        DtwNeighbours<double> bounded = SeriesNeighbours.Find(pack, null, 20, options, "test", bounded: true);
        Same(bounded, SeriesNeighbours.Find(pack, null, 20, options, "test", bounded: false));
        for (int row = 0; row < 60; row++)
        {
            for (int k = 1; k < 20; k++)
            {
                bool inOrder = bounded.Distances[row, k - 1] < bounded.Distances[row, k]
                    || (bounded.Distances[row, k - 1] == bounded.Distances[row, k] && bounded.Indices[row, k - 1] < bounded.Indices[row, k]);
                Assert.That(inOrder, $"row {row}, neighbour {k}");
            }
        }
    }

    [Test]
    public void The_majority_decides_and_of_equal_votes_the_nearest()
    {
        Tensor<float>[] training = [One(0), One(2), One(3), One(9)];
        ClassLabels labels = ClassLabels.From(["near", "far", "far", "none"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DtwClassifier<float>.Fit(training, labels).Predict([One(0.5f)])[0], Is.EqualTo("near"));
            Assert.That(DtwClassifier<float>.Fit(training, labels, 2).Predict([One(0.5f)])[0], Is.EqualTo("near"));
            Assert.That(DtwClassifier<float>.Fit(training, labels, 3).Predict([One(0.5f)])[0], Is.EqualTo("far"));
            Assert.That(DtwClassifier<float>.Fit(training, labels).Predict([One(1)])[0], Is.EqualTo("near"), "a tie goes to the first");
            Assert.That(DtwClassifier<float>.Fit(training, labels, 2).PredictWithNeighbours([One(8)]).Neighbours.Indices.ToArray(), Is.EqualTo((int[])[3, 2]));
        }
    }

    [Test]
    public void The_narrowest_of_the_best_windows_is_chosen()
    {
        TimeSeriesSet<float> training = Ts.Read<float>(SharedData.Require("ucr/GunPoint_TRAIN.ts"));
        DtwWindowChoice choice = DtwClassifier<float>.ChooseWindow(training, [0.1, 0, 0.02]);
        foreach (double fraction in (double[])[0, 0.02, 0.1])
        {
            DtwNeighbours<float> found = Dtw.Neighbours(training.Series, 1, new DtwOptions { Window = WarpingWindow.Fraction(fraction) });
            int errors = Enumerable.Range(0, training.Count).Count(row => training.Labels![row] != training.Labels[found.Indices[row, 0]]);
            Assert.That(errors, fraction < choice.Fraction ? Is.GreaterThan(choice.Score.Errors) : Is.GreaterThanOrEqualTo(choice.Score.Errors), $"fraction {fraction}");
        }
    }

    [Test]
    public void Missing_samples_make_no_neighbours()
    {
        Tensor<float>[] series = [One(1), One(float.NaN), One(4)];
        DtwNeighbours<float> found = Dtw.Neighbours(series, 2, new() { Missing = MissingSamples.Propagate });
        Assert.That(found.Indices.ToArray(), Is.EqualTo((int[])[2, -1, -1, -1, 0, -1]));
        Assert.That(found.Distances[0, 1], Is.EqualTo(float.PositiveInfinity));
    }

    [Test]
    public void What_cannot_be_classified_is_refused_in_words()
    {
        TimeSeriesSet<float> unlabelled = new("bare", [Tensor.Create<float>([1, 2], [2, 1])]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => DtwClassifier<float>.Fit(unlabelled), Throws.ArgumentException.With.Message.Contains("'bare' has no class labels"));
            Assert.That(() => DtwClassifier<float>.Fit([One(1)], ClassLabels.From(["a", "b"])), Throws.ArgumentException.With.Message.Contains("2 labels for 1 series"));
            Assert.That(() => DtwClassifier<float>.Fit([One(1)], ClassLabels.From(["a"]), 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Dtw.Neighbours([One(1), One(2)], 2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("itself excluded"));
        }
    }

    private static Tensor<float> One(float value) => Tensor.Create([value, value], [2]);

    private static void Same<T>(DtwNeighbours<T> found, DtwNeighbours<T> expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That(found.Indices.ToArray(), Is.EqualTo(expected.Indices.ToArray()));
        Assert.That(found.Distances.ToArray(), Is.EqualTo(expected.Distances.ToArray()));
    }
}
