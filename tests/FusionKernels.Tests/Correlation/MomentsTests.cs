using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Tests.Data;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Moments of chunks, shards, folds and files.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[Parallelizable]
public sealed class MomentsTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static double Within => typeof(T) == typeof(float) ? 2e-4 : 1e-11;

    [TestCase(1)]
    [TestCase(64)]
    [TestCase(333)]
    [TestCase(5000)]
    public void Chunks_and_merged_shards_give_one_pass(int chunk)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(1000, 5, 4, 6);
        // Sorted rows: every chunk's mean is far from the one before.
        x = CorrelationData.Changed(x, (i, j, value) => value + 1000 + (i * 0.01 * j));
        CanonicalMoments whole = new(5, 4), left = new(5, 4), right = new(5, 4);
        whole.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        for (int first = 0; first < 1000; first += chunk)
        {
            int rows = Math.Min(chunk, 1000 - first);
            CanonicalMoments shard = first / chunk % 2 == 0 ? left : right;
            shard.Accumulate(CorrelationData.Tensor<T>(CorrelationData.RowRange(x, first, rows)), CorrelationData.Tensor<T>(CorrelationData.RowRange(y, first, rows)));
        }

        left.Merge(right);
        Assert.That(left.Rows, Is.EqualTo(1000));
        IReadOnlyList<double> expected = CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y)).Correlations;
        Assert.That(left.Fit().Correlations, Is.EqualTo(expected).AsCollection.Within(Within));
        GramAssert.SameBits(left.Covariance(0, 0), Transposed(left.Covariance(0, 0)), "symmetric");
        double[] column = [.. Enumerable.Range(0, 1000).Select(i => double.CreateChecked(T.CreateChecked(x[i, 2])))];
        double mean = column.Average(), variance = column.Sum(value => (value - mean) * (value - mean)) / 999;
        Assert.That(left.Mean(0)[2], Is.EqualTo(mean).Within(Within * Math.Sqrt(variance)));
        Assert.That(left.Covariance(0, 0)[2, 2], Is.EqualTo(variance).Within(Within * variance));
    }

    // Beside each other (and with columns that fill no panel), and all threads at one chunk; chunks near the mean, far from it, and a last one of few rows.
    [TestCase(9000, 37, 20)]
    [TestCase(1500, 1030, 3)]
    public void Chunks_of_a_call_sum_as_the_definition_says(int rows, int widthX, int widthY)
    {
        Tensor<T> x = Filled(rows, widthX, (i, j) => Math.Sin((i * 0.7) + (j * j)) + (i >= 4200 && j == 1 ? 500 : 0)), y = Filled(rows, widthY, (i, j) => Math.Cos((i * 1.3) + (5.0 * j)) + 3);
        CanonicalMoments one = new(widthX, widthY), all = new(widthX, widthY);
        one.Accumulate(x, y, new() { Threads = 1 });
        all.Accumulate(x, y);
        GramAssert.SameBits(one.Covariance(0, 1), all.Covariance(0, 1), "threads");
        foreach ((int i, int j) in ((int, int)[])[(0, 0), (1, 2), (1, 1), (widthX - 1, 0), (12, widthY - 1)])
        {
            double[] left = CorrelationData.Column(x, i), right = CorrelationData.Column(y, j);
            (double meanLeft, double meanRight) = (left.Average(), right.Average());
            double expected = left.Zip(right, (a, b) => (a - meanLeft) * (b - meanRight)).Sum() / (rows - 1);
            double variance = left.Sum(a => (a - meanLeft) * (a - meanLeft)) / (rows - 1);
            Assert.That(one.Covariance(0, 1)[i, j], Is.EqualTo(expected).Within(Within * Math.Sqrt(variance)), $"{i}, {j}");
            Assert.That(one.Covariance(0, 0)[i, i], Is.EqualTo(variance).Within(Within * variance), $"{i}");
            Assert.That(one.Mean(1)[j], Is.EqualTo(meanRight).Within(Within));
        }

        y[rows - 600, 2] = T.NaN;
        Assert.That(() => one.Accumulate(x, y), Throws.ArgumentException.With.Message.Contains($"view 'y' has NaN at row {rows + rows - 600}, column 2"));
    }

    [Test]
    public void Extreme_scales_neither_overflow_nor_vanish()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(300, 3, 3, 6);
        IReadOnlyList<double> expected = CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y)).Correlations;
        double[,] scaled = CorrelationData.Changed(x, (_, j, value) => value * Math.Pow(10, 30 * (j - 1)));
        Assert.That(CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(scaled), CorrelationData.Tensor<T>(y)).Correlations, Is.EqualTo(expected).AsCollection.Within(Within));
    }

    [Test]
    public void Subsets_and_ridges_need_no_second_pass()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(400, 6, 5, 4);
        (double[,] z, _) = CorrelationData.Views(400, 3, 1, 5);
        CanonicalMoments three = new(6, 5, 3);
        three.Accumulate([CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y), CorrelationData.Tensor<T>(z)]);
        CanonicalMoments pair = three.Select([2, 0], [[0, 2], [5, 1, 3]]);
        CanonicalCorrelation expected = CanonicalCorrelation.Fit(
            CorrelationData.Tensor<T>(CorrelationData.Columns(z, 0, 2)), CorrelationData.Tensor<T>(CorrelationData.Columns(x, 5, 1, 3)), new() { Ridge = 0.3, Shrinkage = 0.1 });
        Assert.That(pair.Fit(new() { Ridge = 0.3, Shrinkage = 0.1 }).Correlations, Is.EqualTo(expected.Correlations).AsCollection.Within(Within));
        Assert.That(() => three.Fit(), Throws.InvalidOperationException.With.Message.Contains("3 views"));
        Assert.That(() => three.Select([3]), Throws.ArgumentException.With.Message.Contains("no view 3"));
        Assert.That(() => three.Select([0], [[6]]), Throws.ArgumentException.With.Message.Contains("no column 6"));
        Assert.That(() => pair.Fit(new() { Route = CorrelationRoute.Qr }), Throws.ArgumentException.With.Message.Contains("rows"));
    }

    [Test]
    public void Cross_validation_scores_what_fits_score()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(120, 8, 7, 12, noise: 2);
        IReadOnlyList<CanonicalMoments> folds = CanonicalMoments.OfFolds(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y), 4);
        double[] ridges = [.. Enumerable.Range(0, 50).Select(i => Math.Pow(10, (i / 7.0) - 4))];
        RidgeScores scores = CanonicalMoments.CrossValidate(folds, ridges, new() { Components = 2 });
        int[] training = [.. Enumerable.Range(0, 120).Where(i => i % 4 != 1)], held = [.. Enumerable.Range(0, 120).Where(i => i % 4 == 1)];
        CanonicalCorrelation model = CanonicalCorrelation.Fit(
            CorrelationData.Tensor<T>(Rows(x, training)), CorrelationData.Tensor<T>(Rows(y, training)), new() { Components = 2, Ridge = ridges[20] });
        (Tensor<T> u, Tensor<T> v) = model.Transform(CorrelationData.Tensor<T>(Rows(x, held)), CorrelationData.Tensor<T>(Rows(y, held)));
        double expected = Enumerable.Range(0, 2).Average(k => CorrelationData.Pearson(CorrelationData.Column(u, k), CorrelationData.Column(v, k)));
        Assert.That(scores.FoldScores[20][1], Is.EqualTo(expected).Within(typeof(T) == typeof(float) ? 1e-3 : 1e-9));
        Assert.That(scores.BestRidge, Is.EqualTo(ridges[scores.Scores.ToList().IndexOf(scores.Scores.Max())]));
    }

    /// <summary>Two chunks of 32 MiB in float32, three in float64, whose rows are no multiple of the folds.</summary>
    [Test]
    public void Folds_of_files_are_those_of_their_rows_and_name_what_is_wrong()
    {
        const int Rows = 250_000, Folds = 7;
        using TemporaryFolder folder = new();
        Tensor<T> x = Uniform(Rows, 32, 3), y = Uniform(Rows, 8, 4);
        Npy.Write(folder["x.npy"], x);
        Npy.Write(folder["y.npy"], y);
        List<double> told = [];
        IReadOnlyList<CanonicalMoments> folds = CanonicalMoments.OfFolds(folder["x.npy"], folder["y.npy"], Folds, new() { Progress = new DirectProgress(told.Add) });
        IReadOnlyList<CanonicalMoments> expected = CanonicalMoments.OfFolds(x, y, Folds);
        Assert.That(told, Is.Ordered.And.Count.GreaterThan(1));
        Assert.That(told[^1], Is.EqualTo(1));
        for (int fold = 0; fold < Folds; fold++)
        {
            Assert.That(folds[fold].Rows, Is.EqualTo((Rows - fold + Folds - 1) / Folds));
            double mean = 0;
            for (int row = fold; row < Rows; row += Folds) mean += double.CreateChecked(x[row, 5]) / folds[fold].Rows;
            Assert.That(folds[fold].Mean(0)[5], Is.EqualTo(mean).Within(Within));
            Assert.That(GramAssert.Array(folds[fold].Covariance(0, 1)), Is.EqualTo(GramAssert.Array(expected[fold].Covariance(0, 1))).AsCollection.Within(Within));
        }

        y[Rows - 3, 6] = T.NaN;
        Npy.Write(folder["y.npy"], y);
        string place = $"NaN at row {Rows - 3}, column 6";
        Assert.That(() => CanonicalMoments.OfFolds(folder["x.npy"], folder["y.npy"], Folds), Throws.ArgumentException.With.Message.Contains("y.npy").And.Message.Contains(place));
        Assert.That(() => CanonicalMoments.OfFolds(x, y, Folds), Throws.ArgumentException.With.Message.Contains(place));
        Assert.That(() => CanonicalMoments.OfFolds(folder["x.npy"], folder["y.npy"], 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => CanonicalMoments.OfFolds([folder["x.npy"]], (Rows / 2) + 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => CanonicalMoments.OfFolds([], 2), Throws.ArgumentException);

        static Tensor<T> Uniform(int rows, int columns, int seed)
        {
            Random random = new(seed);
            return Tensor.Create([.. Enumerable.Range(0, rows * columns).Select(_ => T.CreateChecked(random.NextDouble()))], [(nint)rows, columns]);
        }
    }

    [Test]
    public void A_state_is_kept_in_a_file()
    {
        using TemporaryFolder folder = new();
        (double[,] x, double[,] y) = CorrelationData.Views(100, 3, 4, 6);
        CanonicalMoments moments = new(3, 4);
        moments.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        string path = folder["m.npz"];
        moments.Save(path);
        CanonicalMoments loaded = CanonicalMoments.Load(path);
        GramAssert.SameBits(loaded.Fit().XWeights, moments.Fit().XWeights, "kept");
        Assert.That(loaded.Rows, Is.EqualTo(100));
    }

    [Test]
    public void Shards_that_were_kept_in_files_merge_to_one_pass()
    {
        using TemporaryFolder folder = new();
        (double[,] x, double[,] y) = CorrelationData.Views(700, 5, 4, 6);
        x = CorrelationData.Changed(x, (i, j, value) => value + 50 + (i * 0.02 * j));
        CanonicalMoments whole = new(5, 4), merged = new(5, 4);
        whole.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        foreach ((int first, int count) in ((int, int)[])[(0, 300), (300, 1), (301, 399)])
        {
            CanonicalMoments shard = new(5, 4);
            shard.Accumulate(CorrelationData.Tensor<T>(CorrelationData.RowRange(x, first, count)), CorrelationData.Tensor<T>(CorrelationData.RowRange(y, first, count)));
            shard.Save(folder[$"{first}.npz"]);
            merged.Merge(CanonicalMoments.Load(folder[$"{first}.npz"]));
        }

        Assert.That(merged.Rows, Is.EqualTo(700));
        Assert.That(merged.Mean(0), Is.EqualTo(whole.Mean(0)).AsCollection.Within(1e-4 * Within * 50));
        Assert.That(GramAssert.Array(merged.Covariance(0, 1)), Is.EqualTo(GramAssert.Array(whole.Covariance(0, 1))).AsCollection.Within(50 * Within));
        Assert.That(merged.Fit(new() { Ridge = 0.1 }).Correlations, Is.EqualTo(whole.Fit(new() { Ridge = 0.1 }).Correlations).AsCollection.Within(Within));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "an open file cannot be cut there")]
    public void A_file_that_is_cut_while_it_streams_is_one_error_and_what_was_there_goes_on()
    {
        using TemporaryFolder folder = new();
        (double[,] x, double[,] y) = CorrelationData.Views(60, 96, 32, 6);
        CanonicalMoments moments = new(96, 32), uninterrupted = new(96, 32);
        moments.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        Tensor<double> before = moments.Covariance(0, 1);
        long rows = 5 * (32L << 20) / (128 * Unsafe.SizeOf<T>());
        string pathX = ZeroFile(folder["x.npy"], rows, 96), pathY = ZeroFile(folder["y.npy"], rows, 32);
        using FileStream held = new(pathY, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        void Cut(double share)
        {
            if (held.Length > 1000) held.SetLength(1000);
        }

        // Chunks of 32 MiB: the first has been added when the file is cut, the second may have been read.
        Assert.That(
            () => moments.Merge(CanonicalMoments.OfFiles(pathX, pathY, new() { Progress = new DirectProgress(Cut) })),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("y.npy").And.Message.Contains("the end of the file"));
        GramAssert.SameBits(moments.Covariance(0, 1), before, "as before");
        moments.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        uninterrupted.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        uninterrupted.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        Assert.That(moments.Rows, Is.EqualTo(120));
        GramAssert.SameBits(moments.Covariance(0, 1), uninterrupted.Covariance(0, 1), "goes on");
    }

    [Test]
    public void Files_stream_as_one_pass_and_name_what_is_wrong()
    {
        using TemporaryFolder folder = new();
        (double[,] x, double[,] y) = CorrelationData.Views(2000, 7, 3, 6);
        string pathX = folder["x.npy"], pathY = folder["y.npy"], pathZ = folder["z.npy"];
        Npy.Write(pathX, CorrelationData.Tensor<T>(x));
        Npy.Write(pathY, CorrelationData.Tensor<T>(y));
        Npy.Write(pathZ, CorrelationData.Tensor<T>(CorrelationData.RowRange(y, 0, 1999)));
        CanonicalMoments moments = CanonicalMoments.OfFiles(pathX, pathY);
        IReadOnlyList<double> expected = CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y)).Correlations;
        Assert.That(moments.Fit().Correlations, Is.EqualTo(expected).AsCollection.Within(Within));
        Assert.That(() => CanonicalMoments.OfFiles(pathX, pathZ), Throws.ArgumentException.With.Message.Contains("2000 rows").And.Message.Contains("1999"));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(() => CanonicalMoments.OfFiles(pathX, pathY, new() { Cancellation = cancelled.Token }), Throws.InstanceOf<OperationCanceledException>());
        File.WriteAllBytes(pathZ, File.ReadAllBytes(pathY)[..^100]);
        Assert.That(() => CanonicalMoments.OfFiles(pathX, pathZ), Throws.InstanceOf<DataFormatException>());
    }

    [Test]
    public void What_fails_leaves_the_state_as_it_was()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(50, 3, 2, 6);
        CanonicalMoments moments = new(3, 2);
        moments.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        Tensor<double> before = moments.Covariance(0, 1);
        double[,] wrong = CorrelationData.Changed(y, (i, j, value) => i == 17 && j == 1 ? double.NaN : value);
        Assert.That(() => moments.Accumulate(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(wrong)), Throws.ArgumentException.With.Message.Contains("view 'y' has NaN at row 67, column 1"));
        GramAssert.SameBits(moments.Covariance(0, 1), before, "unchanged");
        Assert.That(moments.Rows, Is.EqualTo(50));
        Assert.That(() => moments.Merge(new(2, 3)), Throws.ArgumentException.With.Message.Contains("2 + 3"));
    }

    /// <summary>A matrix of zeros of which the disk holds a header.</summary>
    private static string ZeroFile(string path, long rows, int columns)
    {
        using FileStream file = File.Create(path);
        byte[] header = NpyBytes.Array(typeof(T) == typeof(float) ? "<f4" : "<f8", false, $"({rows}, {columns})", []);
        file.Write(header);
        file.SetLength(header.Length + (rows * columns * Unsafe.SizeOf<T>()));
        return path;
    }

    private sealed class DirectProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    private static Tensor<T> Filled(int rows, int columns, Func<int, int, double> value)
    {
        T[] values = new T[rows * columns];
        for (int i = 0; i < values.Length; i++) values[i] = T.CreateChecked(value(i / columns, i % columns));
        return Tensor.Create(values, [rows, columns]);
    }

    private static double[,] Rows(double[,] values, int[] rows)
    {
        double[,] result = new double[rows.Length, values.GetLength(1)];
        return CorrelationData.Changed(result, (i, j, _) => values[rows[i], j]);
    }

    private static Tensor<double> Transposed(Tensor<double> matrix) => Tensor.PermuteDimensions<double>(matrix, [1, 0]);
}
