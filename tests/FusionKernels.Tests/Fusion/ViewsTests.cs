using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Named, row-aligned views: alignment, presence, splits, ablation.</summary>
[TestFixture]
public sealed class ViewsTests
{
    private static readonly Tensor<float> s_small = Tensor.Create([1f, 2, 3, 4, 5, 6], [3, 2]);

    [Test]
    public void Rows_that_are_not_aligned_are_told_in_words()
    {
        Tensor<float> audio = Tensor.Create(new float[752 * 2], [752, 2]), text = Tensor.Create(new float[1447 * 3], [1447, 3]);
        Assert.That(() => Views.Of(("audio", audio), ("text", text)), Throws.ArgumentException.With.Message.StartsWith(
            "view 'audio' has 752 rows, 'text' has 1447: rows must be aligned; pass a presence mask if some are absent"));
        Assert.That(() => Views.Of(("a", s_small), ("a", s_small)), Throws.ArgumentException.With.Message.Contains("two views are named 'a'"));
        Assert.That(() => Views.Of(("a", s_small)).WithLabels([1, 2]), Throws.ArgumentException.With.Message.Contains("labels of 2 rows, 'a' has 3"));
        Assert.That(() => Views.Of(("a", s_small)).WithPresence(Tensor.Create([true, true], [2, 1])), Throws.ArgumentException.With.Message.Contains("must be 3 x 1"));
        Assert.That(() => Views.Of(("a", s_small)).Select("b"), Throws.ArgumentException.With.Message.Contains("no view 'b'; there are a"));
        Assert.That(() => Views.Of(("a", s_small)).Drop("a"), Throws.ArgumentException);
        Assert.That(() => Views.Of(), Throws.ArgumentException.With.Message.Contains("no views"));
        Assert.That(() => Views.Of(("a", s_small)).WithTargets(Tensor.Create([1, double.NaN, 2], [3])), Throws.ArgumentException.With.Message.Contains("row 1"));
    }

    [Test]
    public void Kinds_follow_from_shapes()
    {
        Tensor<float>[] series = [Tensor.Create([1f, 2, 3], [3]), Tensor.Create([1f], [1]), Tensor.Create([1f, 1], [2])];
        Views views = Views.Of(("vectors", s_small), ("images", Tensor.Create(new double[12], [3, 2, 2])), ("series", series), ("gram", View.Gram(Tensor.Create(new float[9], [3, 3]))));
        Assert.That(views.Names.Select(name => views[name].Kind), Is.EqualTo(new[] { ViewKind.Vectors, ViewKind.Images, ViewKind.Sequences, ViewKind.Gram }));
        Assert.That(views["images"].Features, Is.EqualTo(4));
        Assert.That((views.IsFloat64, views.Drop("images").IsFloat64, views.IsComplete), Is.EqualTo((true, false, true)));
    }

    [Test]
    public void Folds_are_stratified_cover_every_row_once_and_repeat()
    {
        Views views = FusionData.Halves(43, 2, 1);
        IReadOnlyList<ViewsSplit> folds = views.Folds(5, 3);
        Assert.That(folds.SelectMany(fold => fold.TestRows).Order(), Is.EqualTo(Enumerable.Range(0, 43)));
        foreach (ViewsSplit fold in folds)
        {
            Assert.That(fold.TestRows.Intersect(fold.TrainRows), Is.Empty);
            Assert.That(fold.Test.Labels!.GroupBy(label => label).Select(group => group.Count()), Is.All.InRange(2, 3));
            Assert.That(fold.Test.Labels, Is.EqualTo(fold.TestRows.Select(row => views.Labels![row])));
        }

        Assert.That(views.Folds(5, 3).Select(fold => fold.TestRows), Is.EqualTo(folds.Select(fold => fold.TestRows)));
        Assert.That(views.Folds(5, 4)[0].TestRows, Is.Not.EqualTo(folds[0].TestRows));
        ViewsSplit half = views.Split(0.5, 1);
        Assert.That(half.Test.Labels!.GroupBy(label => label).Select(group => group.Count()), Is.All.InRange(5, 6));
        Assert.That(views.SplitFrom(40).Test.Rows, Is.EqualTo(3));
    }

    [Test]
    public void Groups_stay_on_one_side()
    {
        int[] groups = [.. Enumerable.Range(0, 60).Select(i => i * i % 7)];
        Views views = FusionData.Halves(60, 2, 1).WithGroups(groups);
        foreach (ViewsSplit split in views.Folds(3, 0).Append(views.Split(0.3, 2)))
        {
            Assert.That(split.Train.Groups!.Intersect(split.Test.Groups!), Is.Empty);
            Assert.That(split.Test.Rows, Is.GreaterThan(0));
        }

        Assert.That(() => views.Folds(8, 0), Throws.ArgumentException.With.Message.Contains("groups cannot be 8 folds"));
        Assert.That(() => views.WithGroups(new int[60]).Split(0.5, 0), Throws.ArgumentException.With.Message.Contains("one group"));
    }

    [Test]
    public void A_class_of_one_row_cannot_be_split() =>
        Assert.That(() => Views.Of(("a", s_small)).WithLabels([0, 0, 7]).Folds(2, 0), Throws.ArgumentException.With.Message.Contains("class 7 has one row"));

    [Test]
    public void Absence_is_kept_by_every_change()
    {
        Views views = FusionData.Halves(40, 3, 2).WithMissing(0.5, 9);
        Views part = views.Select("v2", "v0").Take(5, 3, 3);
        Assert.That(Enumerable.Range(0, 3).Select(i => (part.IsPresent(i, 0), part.IsPresent(i, 1))), Is.EqualTo(((int[])[5, 3, 3]).Select(row => (views.IsPresent(row, 2), views.IsPresent(row, 0)))));
        int absent = Enumerable.Range(0, 120).Count(at => !views.IsPresent(at / 3, at % 3));
        Assert.That(absent, Is.InRange(35, 75));
        Assert.That(Enumerable.Range(0, 40).All(row => Enumerable.Range(0, 3).Any(m => views.IsPresent(row, m))), Is.True);
        Assert.That(views.WithMissing(1, 1).WithMissing(1, 2) is { } bare && Enumerable.Range(0, 40).All(row => Enumerable.Range(0, 3).Count(m => bare.IsPresent(row, m)) == 1), Is.True);
        Assert.That(Enumerable.Range(0, 40).Any(row => views.Blind("v1").IsPresent(row, 1)), Is.False);
        Views corrupt = views.Corrupt("v1", 4);
        Assert.That(Enumerable.Range(0, 40).Count(row => corrupt.IsPresent(row, 1)), Is.EqualTo(Enumerable.Range(0, 40).Count(row => views.IsPresent(row, 1))));
        Assert.That(Enumerable.Range(0, 40).Select(row => corrupt.IsPresent(row, 0)), Is.EqualTo(Enumerable.Range(0, 40).Select(row => views.IsPresent(row, 0))));
    }

    [Test]
    public void A_file_gives_back_every_kind_of_view_and_whatever_stands_beside_it()
    {
        using TemporaryFolder folder = new();
        Tensor<double>[] series = [Tensor.Create([1.0, 2, 3, 4], [2, 2]), Tensor.Create([double.NaN], [1]), Tensor.Create([5.0, 6], [1, 2])];
        Views views = Views.Of(("x", s_small), ("pictures", Tensor.Create([1.0, 2, 3, 4, 5, 6], [3, 1, 2])), ("s", series), ("g", View.Gram(Tensor.Create([1f, 2, 3, 2, 4, 5, 3, 5, 6], [3, 3]))))
            .WithLabels(ClassLabels.From(["up", "down", "up"])).WithGroups([7, 8, 7]).WithTargets(Tensor.Create([0.5, 1.5, 2.5], [3]))
            .WithPresence(Tensor.Create([true, true, true, true, true, true, false, true, false, true, true, true], [3, 4]));
        views.Take(2, 1, 0).Save(folder["v.npz"]);
        Views read = Views.Load(folder["v.npz"]);
        Assert.That(read.Names, Is.EqualTo(views.Names));
        Assert.That((read["x"].IsFloat64, read["pictures"].IsFloat64, read["pictures"].Kind, read["s"].Kind), Is.EqualTo((false, true, ViewKind.Images, ViewKind.Sequences)));
        Assert.That(read.Labels, Is.EqualTo((int[])[1, 0, 1]));
        Assert.That(read.ClassNames, Is.EqualTo((string[])["down", "up"]));
        Assert.That(read.Groups, Is.EqualTo((int[])[7, 8, 7]));
        Assert.That(FusionData.Flat(read.Targets!), Is.EqualTo((double[])[2.5, 1.5, 0.5]));
        Assert.That(Enumerable.Range(0, 12).Select(at => read.IsPresent(at / 4, at % 4)), Is.EqualTo((bool[])[false, true, true, true, true, true, false, true, true, true, true, true]));
        Assert.That(FusionData.Flat(read["s"].Series<double>(2)), Is.EqualTo(new double[] { 1, 2, 3, 4 }));
        Assert.That(read["g"].Similarity<float>(0, 2), Is.EqualTo(3), "row 2 against row 0");
        Assert.That(() => FusionStrategy.Load(folder["v.npz"]), Throws.TypeOf<DataFormatException>().With.Message.Contains("views without a strategy"));
    }
}
