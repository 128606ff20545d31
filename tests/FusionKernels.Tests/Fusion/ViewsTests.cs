using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Named, row-aligned views: alignment, presence, splits, ablation.</summary>
[TestFixture]
[Parallelizable]
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
    public void Padded_series_end_where_their_lengths_say()
    {
        float[] values = [1, 2, 3, float.NaN, 4, float.NaN, float.NaN, float.NaN, 5, 6, 7, 8];
        View view = View.Sequences(Tensor.Create(values, [3, 4]), [3, 1, 4]);
        Assert.That(Enumerable.Range(0, 3).Select(row => view.Series<float>(row).ToArray()), Is.EqualTo((float[][])[[1, 2, 3], [4], [5, 6, 7, 8]]));
        Assert.That(View.Sequences(Tensor.Create(values, [3, 2, 2]), [1, 0, 2]).Series<double>(2).ToArray(), Is.EqualTo(new double[] { 5, 6, 7, 8 }));
        Assert.That(() => View.Sequences(Tensor.Create(values, [3, 4]), [3, 5, 4]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("row 1: a length of 0 to 4"));
        Assert.That(() => View.Sequences(Tensor.Create(values, [3, 4]), [3]), Throws.ArgumentException.With.Message.Contains("1 lengths for 3 rows"));
        Assert.That(() => View.Sequences(Tensor.Create(values, [12]), [3]), Throws.ArgumentException.With.Message.Contains("padded series are rows x time"));
    }

    /// <summary>A line through any samples is the same line at even steps; even times at their own step change no bit.</summary>
    [Test]
    public void Samples_at_times_of_their_own_are_read_at_even_steps()
    {
        double[][] times = [[0, 0.5, 0.6, 2], [10, 11, 12], [3]];
        Tensor<double>[] series = [.. times.Select(own => Tensor.Create([.. own.SelectMany(time => (double[])[2 * time, 1 - time])], [own.Length, 2]))];
        View view = View.Sequences(series, times, 0.5);
        Assert.That(Enumerable.Range(0, 3).Select(row => (int)view.Series<double>(row).Lengths[0]), Is.EqualTo((int[])[5, 5, 1]));
        for (int t = 0; t < 5; t++) Assert.That((view.Series<double>(0)[t, 0], view.Series<double>(1)[t, 1]), Is.EqualTo((t * 1.0, -9 - (0.5 * t))).Using<(double A, double B)>((a, b) => Math.Abs(a.A - b.A) + Math.Abs(a.B - b.B) < 1e-12));
        Tensor<float> even = Tensor.Create([0.1f, 0.7f, 0.3f, 0.9f], [4]);
        Assert.That(View.Sequences([even], [[0.0, 0.1, 0.2, 0.30000000000000004]], 0.1).Series<float>(0).ToArray(), Is.EqualTo(even.ToArray()).Within(1e-6f));
        Tensor<float> spoiled = Tensor.Create([float.NaN], [1, 1, 1]);
        Assert.That(View.Sequences([even, spoiled], [[0.0, 1, 2, 3], null], 1).Series<float>(1), Is.SameAs(spoiled), "an absent row is not looked at");
        Assert.That(() => View.Sequences([even], [[0.0, 1, 1, 2]], 1), Throws.ArgumentException.With.Message.Contains("row 0: time 2 (from 0) is 1: times are finite and ascend"));
        Assert.That(() => View.Sequences([even], [[0.0, 1, double.NaN, 2]], 1), Throws.ArgumentException.With.Message.Contains("time 2 (from 0) is NaN"));
        Assert.That(() => View.Sequences([even], [[0.0, 1]], 1), Throws.ArgumentException.With.Message.Contains("row 0: 2 times for a series of"));
        Assert.That(() => View.Sequences([even], [], 1), Throws.ArgumentException.With.Message.Contains("times of 0 rows for 1 series"));
        Assert.That(() => View.Sequences([even], [[0.0, 1, 2, 3]], 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("a finite time above 0"));
        Assert.That(() => View.Sequences([even], [[0.0, 1, 2, 3]], 1e-300), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("row 0 would have"));
    }

    [Test]
    public void Sets_of_nodes_are_vectors_whatever_the_order_of_the_nodes()
    {
        Random random = new(3);
        Tensor<float>[] sets = [.. Enumerable.Range(0, 40).Select(row => Tensor.Create([.. Enumerable.Range(0, (3 + (row % 5)) * 2).Select(_ => (float)FusionData.Gauss(random) * (row % 2 == 0 ? 1 : 3))], [3 + (row % 5), 2]))];
        Tensor<float>[] turned = [.. sets.Select(set => Tensor.Create([.. Enumerable.Range(0, (int)set.Lengths[0]).Reverse().SelectMany(i => (float[])[set[i, 0], set[i, 1]])], set.Lengths))];
        View view = View.Nodes(sets, 2);
        Assert.That((view.Kind, view.Rows, view.Features), Is.EqualTo((ViewKind.Vectors, 40, 9)));
        Assert.That(Rows(View.Nodes(turned, 2)), Is.EqualTo(Rows(view)));
        Assert.That(Rows(View.Nodes<double>([Tensor.Create([1.0, 3, 5, 7, 0, 5], [3, 2]), Tensor.Create(Array.Empty<double>(), [0, 2])], 2)), Is.EqualTo(new double[] { 2, 5, Math.Sqrt(14 / 3.0), Math.Sqrt(8 / 3.0), 0, 3, 5, 7, Math.Log(4), 0, 0, 0, 0, 0, 0, 0, 0, 0 }).Within(1e-12));

        // Sets of small and large spread are told apart by every kind of strategy; one that is no set must be absent.
        Views views = Views.Of(("nodes", view)).WithLabels([.. Enumerable.Range(0, 40).Select(row => row % 2)]);
        ViewsSplit split = views.SplitFrom(20);
        foreach (string name in (string[])["concat", "kernel-mean", "label-propagation"]) Assert.That(FusionData.Accuracy(FusionStrategy.Named(name).Fit(split.Train), split.Test), Is.GreaterThan(0.7), name);
        sets[3] = Tensor.Create([1f], [1]);
        Views holed = Views.Of(("nodes", View.Nodes(sets, 2))).WithLabels([.. views.Labels!]);
        Assert.That(() => KernelFusion.Fit(holed), Throws.ArgumentException.With.Message.Contains("view 'nodes', row 3"));
        Assert.That(() => View.Nodes(sets, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());

        static double[] Rows(View view)
        {
            double[] values = new double[view.Rows * view.Features];
            for (int row = 0; row < view.Rows; row++) view.CopyRow<double>(row, values.AsSpan(row * view.Features, view.Features));
            return values;
        }
    }

    [Test]
    public void A_vocabulary_knows_training_words_alone()
    {
        string[][] train = [["the", "cat", "sat"], ["the", "dog"], ["the", "the", "cat"]];
        Vocabulary words = Vocabulary.Fit(train);
        Assert.That(words.Words, Is.EqualTo((string[])["the", "cat", "dog", "sat"]));
        Assert.That((words.Count, string.Join(' ', words.Encode(["cat", "bird", "the", "The"]))), Is.EqualTo((5, "2 0 1 0")));
        Assert.That(Vocabulary.Fit(train, leastRows: 2).Words, Is.EqualTo((string[])["the", "cat"]));
        Tensor<float> weighed = words.Weigh([["dog", "cat", "bird"], ["bird"], ["dog", "dog"]]);
        (double cat, double dog) = (Math.Log(4.0 / 3) + 1, Math.Log(4.0 / 2) + 1);
        Assert.That(weighed.ToArray().Take(4), Is.EqualTo(new[] { 0, cat / Math.Sqrt((cat * cat) + (dog * dog)), dog / Math.Sqrt((cat * cat) + (dog * dog)), 0 }).Within(1e-6));
        Assert.That(weighed.ToArray().Skip(4), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 0, 1, 0 }));
        Assert.That(() => Vocabulary.Fit([]), Throws.ArgumentException.With.Message.Contains("no row"));
        Assert.That(() => Vocabulary.Fit(train, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
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
