using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace FusionKernels.Tests.Correlation;

/// <summary>MCCA and GCCA against linear CCA, against the matrices of their definitions, and with missing views.</summary>
[TestFixture]
internal sealed class MultiviewTests
{
    private static readonly int[] s_widths = [4, 3, 5];

    [TestCase(MultiviewObjective.MaxVar)]
    [TestCase(MultiviewObjective.SumCor)]
    public void Two_views_have_the_eigenvalues_1_plus_and_minus_r(MultiviewObjective objective)
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(90, [4, 3], 1);
        CanonicalCorrelation pair = CanonicalCorrelation.Fit(views[0], views[1]);
        MultiviewCorrelation model = MultiviewCorrelation.Fit(views, new() { Objective = objective, Components = 7 });
        double[] r = [.. pair.Correlations];
        double[] expected = [.. r.Select(one => 1 + one), 1, .. r.Reverse().Select(one => 1 - one)];
        Assert.That(model.Eigenvalues, Is.EqualTo(expected).AsCollection.Within(1e-10));
        Assert.That(model.MeanCorrelations.Take(3), Is.EqualTo(r).AsCollection.Within(1e-10));
        Assert.That(model.Ranks, Is.EqualTo<int>([4, 3]));
        (Tensor<double> u, Tensor<double> v) = pair.Transform(views[0], views[1]);
        Near(model.TransformView(0, views[0]), u, 3, 1e-9);
        Near(model.TransformView(1, views[1]), v, 3, 1e-9);
    }

    [TestCase(0.0, 0.0)]
    [TestCase(0.3, 0.0)]
    [TestCase(0.0, 0.2)]
    public void Sumcor_solves_the_generalised_problem(double ridge, double shrinkage)
    {
        Matrix<double>[] views = CorrelatedViews.Matrices(60, s_widths, 2);
        Matrix<double>[] centred = [.. views.Select(CorrelatedViews.Centred)];
        Matrix<double> white = Matrix<double>.Build.Dense(12, 12);
        Matrix<double>[] roots = [.. centred.Select(x => Power((((1 - shrinkage) / 59) * x.TransposeThisAndMultiply(x)) + ((ridge + shrinkage) * Matrix<double>.Build.DenseIdentity(x.ColumnCount)), -0.5))];
        for (int a = 0, row = 0; a < 3; row += s_widths[a++])
        {
            for (int b = 0, column = 0; b < 3; column += s_widths[b++])
            {
                Matrix<double> block = a == b ? Matrix<double>.Build.DenseIdentity(s_widths[a]) : roots[a] * centred[a].TransposeThisAndMultiply(centred[b]) * roots[b] / 59;
                white.SetSubMatrix(row, column, block);
            }
        }

        MultiviewCorrelation model = MultiviewCorrelation.Fit<double>([.. views.Select(CorrelatedViews.Of<double>)], new() { Objective = MultiviewObjective.SumCor, Components = 4, Ridge = ridge, Shrinkage = shrinkage });
        Assert.That(model.Eigenvalues, Is.EqualTo(CorrelatedViews.Eigenvalues(white)[..4]).AsCollection.Within(1e-9));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Maxvar_has_the_eigenvalues_of_the_sum_of_projections_and_its_scores(bool isMasked)
    {
        const int Rows = 40;
        Matrix<double>[] views = CorrelatedViews.Matrices(Rows, s_widths, 3);
        bool[,] present = Mask(Rows, 3, isMasked ? 5 : null);
        Matrix<double> sum = Matrix<double>.Build.Dense(Rows, Rows);
        double[] counts = new double[Rows];
        for (int i = 0; i < Rows; i++) counts[i] = Enumerable.Range(0, 3).Count(v => present[i, v]);
        for (int v = 0; v < 3; v++)
        {
            int[] there = [.. Enumerable.Range(0, Rows).Where(i => present[i, v])];
            Matrix<double> x = CorrelatedViews.Centred(Matrix<double>.Build.DenseOfRowVectors(there.Select(i => views[v].Row(i))));
            Matrix<double> projection = x * x.TransposeThisAndMultiply(x).Inverse() * x.Transpose();
            for (int a = 0; a < there.Length; a++)
            {
                for (int b = 0; b < there.Length; b++) sum[there[a], there[b]] += 3 * projection[a, b] / Math.Sqrt(counts[there[a]] * counts[there[b]]);
            }
        }

        MultiviewCorrelation model = MultiviewCorrelation.Fit<double>([.. views.Select(CorrelatedViews.Of<double>)], new() { Components = 4, Presence = Tensor(present) });
        Assert.That(model.Eigenvalues, Is.EqualTo(CorrelatedViews.Eigenvalues(sum)[..4]).AsCollection.Within(1e-9));
        for (int k = 0; k < 4; k++)
        {
            // The scores, weighted by the root of the views of a row, are eigenvectors.
            Vector vector = Vector.Build.Dense(Rows, i => model.SharedScores![i, k] * Math.Sqrt(counts[i]));
            Assert.That(((sum * vector) - (model.Eigenvalues[k] * vector)).L2Norm(), Is.LessThan(1e-8 * vector.L2Norm()), $"component {k}");
        }
    }

    [Test]
    public void Without_ridge_and_gaps_both_objectives_agree()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(70, s_widths, 4);
        MultiviewCorrelation sum = MultiviewCorrelation.Fit(views, new() { Objective = MultiviewObjective.SumCor, Components = 3 });
        MultiviewCorrelation max = MultiviewCorrelation.Fit(views, new() { Components = 3 });
        Assert.That(sum.Eigenvalues, Is.EqualTo(max.Eigenvalues).AsCollection.Within(1e-10));
        for (int v = 0; v < 3; v++) Near(sum.Weights(v), max.Weights(v), 3, 1e-8);
        Near(sum.SharedScores!, max.SharedScores!, 3, 1e-8);
    }

    [TestCase(MultiviewObjective.MaxVar)]
    [TestCase(MultiviewObjective.SumCor)]
    public void Scores_and_variates_have_unit_variance_and_a_positive_largest_weight(MultiviewObjective objective)
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(50, s_widths, 5);
        MultiviewCorrelation model = MultiviewCorrelation.Fit(views, new() { Objective = objective, Components = 3, Ridge = 0.2 });
        for (int k = 0; k < 3; k++)
        {
            Assert.That(Variance(model.SharedScores!, k), Is.EqualTo(1).Within(1e-10));
            for (int v = 0; v < 3; v++) Assert.That(Variance(model.TransformView(v, views[v]), k), Is.EqualTo(1).Within(1e-10));
            Assert.That(Enumerable.Range(0, 4).Select(j => model.Weights(0)[j, k]).MaxBy(Math.Abs), Is.Positive);
        }
    }

    [TestCase(MultiviewObjective.MaxVar)]
    [TestCase(MultiviewObjective.SumCor)]
    public void What_stands_in_absent_cells_changes_no_bit(MultiviewObjective objective)
    {
        Tensor<float>[] views = CorrelatedViews.Tensors<float>(60, s_widths, 6), spoilt = CorrelatedViews.Tensors<float>(60, s_widths, 6);
        bool[,] present = Mask(60, 3, 7);
        float[] rubbish = [float.NaN, float.PositiveInfinity, 1e30f, -0f];
        for (int i = 0; i < 60; i++)
        {
            for (int v = 0; v < 3; v++)
            {
                for (int j = 0; j < s_widths[v] && !present[i, v]; j++) spoilt[v][i, j] = rubbish[(i + j) % rubbish.Length];
            }
        }

        MultiviewCorrelationOptions options = new() { Objective = objective, Components = 3, Presence = Tensor(present) };
        MultiviewCorrelation clean = MultiviewCorrelation.Fit(views, options), other = MultiviewCorrelation.Fit(spoilt, options);
        Assert.That(other.Eigenvalues, Is.EqualTo(clean.Eigenvalues));
        GramAssert.SameBits(other.SharedScores!, clean.SharedScores!, "scores");
        for (int v = 0; v < 3; v++) GramAssert.SameBits(other.Weights(v), clean.Weights(v), $"view {v}");
        GramAssert.SameBits(other.Transform(spoilt, options.Presence), clean.Transform(views, options.Presence), "transformed");
        Assert.That(clean.PresentRows, Is.EqualTo(Enumerable.Range(0, 3).Select(v => Enumerable.Range(0, 60).Count(i => present[i, v]))));
    }

    [Test]
    public void Training_rows_transform_to_their_scores_and_any_subset_to_near_ones()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(80, s_widths, 8, noise: 0.05);
        Tensor<bool> presence = Tensor(Mask(80, 3, 9));
        MultiviewCorrelation model = MultiviewCorrelation.Fit(views, new() { Presence = presence });
        Near(model.Transform(views, presence), model.SharedScores!, 2, 1e-12);
        Tensor<double> one = model.Transform<double>([null, views[1], null]), all = model.Transform(views);
        for (int i = 0; i < 80; i++) Assert.That(one[i, 0], Is.EqualTo(all[i, 0]).Within(0.3));
    }

    [Test]
    public void Shifts_scales_duplicates_and_constants_change_nothing()
    {
        Matrix<double>[] views = CorrelatedViews.Matrices(60, s_widths, 10);
        double[] expected = [.. MultiviewCorrelation.Fit<double>([.. views.Select(CorrelatedViews.Of<double>)]).Eigenvalues];
        Matrix<double> changed = views[0].Multiply(1e-3).Add(100);
        changed.SetColumn(1, views[0].Column(1) * 1e6);
        changed = changed.InsertColumn(4, changed.Column(2)).InsertColumn(0, Vector.Build.Dense(60, 7));
        Matrix<double> shifted = views[1].Add(1e6);
        MultiviewCorrelation model = MultiviewCorrelation.Fit<double>([CorrelatedViews.Of<double>(changed), CorrelatedViews.Of<double>(shifted), CorrelatedViews.Of<double>(views[2])]);
        Assert.That(model.Eigenvalues, Is.EqualTo(expected).AsCollection.Within(1e-7));
        Assert.That(model.Ranks, Is.EqualTo<int>([4, 3, 5]));
        Assert.That(model.Weights(0)[0, 0], Is.Zero, "the constant column");
    }

    [Test]
    public void Equal_views_reach_their_number_and_leave_no_more_components_than_rank()
    {
        Tensor<double> x = CorrelatedViews.Tensors<double>(30, [3], 11)[0];
        MultiviewCorrelation model = MultiviewCorrelation.Fit([x, x, x], new() { Components = 9 });
        Assert.That(model.Eigenvalues, Is.EqualTo<double>([3, 3, 3]).AsCollection.Within(1e-10));
        Assert.That(model.MeanCorrelations, Is.EqualTo<double>([1, 1, 1]).AsCollection.Within(1e-10));
    }

    [Test]
    public void Bits_do_not_depend_on_threads_and_float32_is_near()
    {
        using ComputeDevice device = ComputeDevice.Over(new HostEngine(4, SimdWidth.Scalar));
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(500, [20, 30], 12);
        MultiviewCorrelation one = MultiviewCorrelation.Fit(views, new() { Device = device, Threads = 1 }), four = MultiviewCorrelation.Fit(views, new() { Device = device, Threads = 4 });
        GramAssert.SameBits(four.SharedScores!, one.SharedScores!, "4 threads");
        MultiviewCorrelation narrow = MultiviewCorrelation.Fit(CorrelatedViews.Tensors<float>(500, [20, 30], 12));
        Assert.That(narrow.Eigenvalues, Is.EqualTo(one.Eigenvalues).AsCollection.Within(1e-5));
    }

    [TestCase(MultiviewObjective.MaxVar, 0.0, 0.0, false)]
    [TestCase(MultiviewObjective.MaxVar, 0.3, 0.1, true)]
    [TestCase(MultiviewObjective.SumCor, 0.0, 0.0, true)]
    [TestCase(MultiviewObjective.SumCor, 0.3, 0.2, false)]
    public void Moments_of_shards_give_what_all_rows_give(MultiviewObjective objective, double ridge, double shrinkage, bool isScaled)
    {
        using TemporaryFolder folder = new();
        Matrix<double>[] rows = [.. CorrelatedViews.Matrices(300, s_widths, 14).Select((view, v) => view.Add(10 * v))];
        CanonicalMoments moments = new(s_widths);
        foreach ((int first, int count) in ((int, int)[])[(0, 120), (120, 180)])
        {
            CanonicalMoments shard = new(s_widths);
            shard.Accumulate<double>([.. rows.Select(view => CorrelatedViews.Of<double>(view.SubMatrix(first, count, 0, view.ColumnCount)))]);
            shard.Save(folder["m.npz"]);
            moments.Merge(CanonicalMoments.Load(folder["m.npz"]));
        }

        MultiviewCorrelationOptions options = new() { Objective = objective, Components = 3, Ridge = ridge, Shrinkage = shrinkage, Scale = isScaled };
        Tensor<double>[] views = [.. rows.Select(CorrelatedViews.Of<double>)];
        MultiviewCorrelation expected = MultiviewCorrelation.Fit(views, options), model = MultiviewCorrelation.Fit(moments, options);
        Assert.That(model.Eigenvalues, Is.EqualTo(expected.Eigenvalues).AsCollection.Within(1e-10));
        Assert.That(model.MeanCorrelations, Is.EqualTo(expected.MeanCorrelations).AsCollection.Within(1e-10));
        Assert.That((model.Ranks, model.PresentRows), Is.EqualTo((expected.Ranks, expected.PresentRows)));
        Assert.That(model.SharedScores, Is.Null);
        Near(model.Transform(views), expected.SharedScores!, 3, 1e-8);
        for (int v = 0; v < 3; v++)
        {
            Near(model.Weights(v), expected.Weights(v), 3, 1e-8);
            Near(model.Loadings(v, (v + 1) % 3), expected.Loadings(v, (v + 1) % 3), 3, 1e-8);
        }

        Assert.That(() => MultiviewCorrelation.Fit(moments, options with { Presence = Tensor(new bool[300, 3]) }), Throws.ArgumentException.With.Message.Contains("needs the rows"));
        Assert.That(() => MultiviewCorrelation.Fit(moments.Select([1])), Throws.ArgumentException.With.Message.Contains("two at least"));
        Assert.That(() => MultiviewCorrelation.Fit(new CanonicalMoments(2, 3)), Throws.ArgumentException.With.Message.Contains("two rows"));
    }

    [TestCase(0.0, false)]
    [TestCase(0.2, false)]
    [TestCase(0.2, true)]
    public void Two_views_predict_rebuild_and_load_as_canonical_correlation_does(double ridge, bool isScaled)
    {
        Matrix<double>[] rows = CorrelatedViews.Matrices(90, [4, 3], 15);
        rows[0].SetColumn(2, rows[0].Column(2) * 20);
        Tensor<double> x = CorrelatedViews.Of<double>(rows[0]), y = CorrelatedViews.Of<double>(rows[1]);
        CanonicalCorrelation pair = CanonicalCorrelation.Fit(x, y, new() { Components = 2, Ridge = ridge, Scale = isScaled });
        MultiviewCorrelation model = MultiviewCorrelation.Fit([x, y], new() { Objective = MultiviewObjective.SumCor, Ridge = ridge, Scale = isScaled });
        Assert.That(model.Eigenvalues, Is.EqualTo(pair.Correlations.Take(2).Select(r => 1 + r)).AsCollection.Within(1e-10));
        Near(model.PredictView(0, x, 1), pair.PredictY(x), 3, 1e-8);
        Near(model.PredictView(1, y, 0), pair.PredictX(y), 4, 1e-7);
        Near(model.InverseView(0, model.TransformView(0, x)), pair.InverseX(pair.TransformX(x)), 4, 1e-7);
        Near(model.Weights(0), pair.XWeights, 2, 1e-8);
        Near(model.Loadings(0), pair.XLoadings, 2, 1e-8);
        Near(model.Loadings(1), pair.YLoadings, 2, 1e-8);
        Near(model.Loadings(0, 1), pair.XCrossLoadings, 2, 1e-8);
        Near(model.Loadings(1, 0), pair.YCrossLoadings, 2, 1e-8);
    }

    [Test]
    public void A_view_is_predicted_by_least_squares_on_the_variates_of_another()
    {
        Matrix<double>[] rows = CorrelatedViews.Matrices(80, s_widths, 16);
        Tensor<double>[] views = [.. rows.Select(CorrelatedViews.Of<double>)];
        MultiviewCorrelation model = MultiviewCorrelation.Fit(views, new() { Components = 2, Ridge = 0.1 });
        Matrix<double> design = CorrelatedViews.ToMatrix(model.TransformView(2, views[2])).InsertColumn(0, Vector.Build.Dense(80, 1));
        Near(model.PredictView(2, views[2], 0), CorrelatedViews.Of<double>(design * design.QR().Solve(rows[0])), 4, 1e-9);
        Matrix<double> own = CorrelatedViews.ToMatrix(model.TransformView(0, views[0])).InsertColumn(0, Vector.Build.Dense(80, 1));
        Near(model.InverseView(0, model.TransformView(0, views[0])), CorrelatedViews.Of<double>(own * own.QR().Solve(rows[0])), 4, 1e-9);
        double r = CorrelationData.Pearson([.. rows[0].Column(3)], [.. CorrelatedViews.ToMatrix(model.TransformView(1, views[1])).Column(1)]);
        Assert.That(model.Loadings(0, 1)[3, 1], Is.EqualTo(r).Within(1e-10));
        Assert.That(() => model.PredictView(0, views[0], 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => model.InverseView(0, views[0]), Throws.ArgumentException.With.Message.Contains("2 components"));
    }

    [Test]
    public void A_ridge_in_standard_deviations_does_not_depend_on_units()
    {
        Matrix<double>[] rows = CorrelatedViews.Matrices(80, s_widths, 18);
        MultiviewCorrelationOptions options = new() { Components = 3, Ridge = 0.4, Scale = true };
        MultiviewCorrelation model = MultiviewCorrelation.Fit<double>([.. rows.Select(CorrelatedViews.Of<double>)], options);
        for (int j = 0; j < 4; j++) rows[0].SetColumn(j, rows[0].Column(j) * Math.Pow(100, j - 1));
        MultiviewCorrelation other = MultiviewCorrelation.Fit<double>([.. rows.Select(CorrelatedViews.Of<double>)], options);
        Assert.That(other.Eigenvalues, Is.EqualTo(model.Eigenvalues).AsCollection.Within(1e-10));
        Near(other.SharedScores!, model.SharedScores!, 3, 1e-8);
        for (int k = 0; k < 3; k++)
        {
            double[] weights = [.. Enumerable.Range(0, 4).Select(j => other.Weights(0)[j, k] * MathNet.Numerics.Statistics.Statistics.StandardDeviation(rows[0].Column(j)))];
            Assert.That(weights.MaxBy(Math.Abs), Is.Positive);
        }
    }

    [Test]
    public void A_model_is_kept_in_a_file_and_a_hostile_one_refused()
    {
        using TemporaryFolder folder = new();
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(60, s_widths, 19);
        Tensor<bool> presence = Tensor(Mask(60, 3, 7));
        MultiviewCorrelation model = MultiviewCorrelation.Fit(views, new() { Objective = MultiviewObjective.SumCor, Ridge = 0.1, Presence = presence });
        model.Save(folder["m.npz"]);
        MultiviewCorrelation loaded = MultiviewCorrelation.Load(folder["m.npz"]);
        Assert.That((loaded.Objective, loaded.Views, loaded.Components), Is.EqualTo((MultiviewObjective.SumCor, 3, 2)));
        Assert.That(loaded.Eigenvalues, Is.EqualTo(model.Eigenvalues));
        Assert.That(loaded.MeanCorrelations, Is.EqualTo(model.MeanCorrelations));
        Assert.That((loaded.Ranks, loaded.PresentRows), Is.EqualTo((model.Ranks, model.PresentRows)));
        Assert.That(loaded.SharedScores, Is.Null);
        GramAssert.SameBits(loaded.Transform(views, presence), model.Transform(views, presence), "scores");
        GramAssert.SameBits(loaded.PredictView(2, views[2], 1), model.PredictView(2, views[2], 1), "predictions");
        GramAssert.SameBits(loaded.Loadings(1), model.Loadings(1), "loadings");
        CanonicalMoments moments = new(s_widths);
        moments.Accumulate(views);
        moments.Save(folder["other.npz"]);
        Assert.That(() => MultiviewCorrelation.Load(folder["other.npz"]), Throws.TypeOf<DataFormatException>().With.Message.Contains("fusionkernels.multiview-correlation"));
        File.WriteAllBytes(folder["cut.npz"], File.ReadAllBytes(folder["m.npz"])[..^60]);
        Assert.That(() => MultiviewCorrelation.Load(folder["cut.npz"]), Throws.TypeOf<DataFormatException>());
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(10, [2, 2], 13);
        Tensor<double> longer = CorrelatedViews.Tensors<double>(11, [2], 13)[0], constant = System.Numerics.Tensors.Tensor.Create(new double[20], [10, 2]);
        Assert.That(() => MultiviewCorrelation.Fit([views[0]]), Throws.ArgumentException.With.Message.Contains("there is one view: two at least"));
        Assert.That(() => MultiviewCorrelation.Fit([views[0], longer]), Throws.ArgumentException.With.Message.Contains("views[0] has 10 rows, views[1] has 11"));
        Assert.That(() => MultiviewCorrelation.Fit([views[0], constant]), Throws.ArgumentException.With.Message.Contains("views[1] has no column that varies"));
        Assert.That(() => MultiviewCorrelation.Fit(views, new() { Ridge = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => MultiviewCorrelation.Fit(views, new() { Shrinkage = 1.5 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => MultiviewCorrelation.Fit(views, new() { Components = 5 }), Throws.ArgumentException.With.Message.Contains("5 components are more than the 4 columns"));
        Assert.That(() => MultiviewCorrelation.Fit(views, new() { Presence = Tensor(new bool[10, 3]) }), Throws.ArgumentException.With.Message.Contains("must be 10 x 2"));
        Assert.That(() => MultiviewCorrelation.Fit(views, new() { Presence = Tensor(new bool[10, 2]) }), Throws.ArgumentException.With.Message.Contains("row 0 has no view"));
        MultiviewCorrelation model = MultiviewCorrelation.Fit(views);
        Assert.That(() => model.Transform<double>([null, null]), Throws.ArgumentException.With.Message.Contains("no view is given"));
        Assert.That(() => model.Transform<double>([longer, views[1]]), Throws.ArgumentException.With.Message.Contains("views[1] has 10 rows, another has 11"));
        Assert.That(() => model.Weights(2), Throws.TypeOf<ArgumentOutOfRangeException>());
        views[1][4, 1] = double.NaN;
        Assert.That(() => MultiviewCorrelation.Fit(views), Throws.ArgumentException.With.Message.StartsWith("views[1][4, 1] is not a finite number"));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(() => MultiviewCorrelation.Fit([views[0], views[0]], new() { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private static Matrix<double> Power(Matrix<double> matrix, double exponent)
    {
        MathNet.Numerics.LinearAlgebra.Factorization.Evd<double> evd = matrix.Evd(Symmetricity.Symmetric);
        return evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(evd.EigenValues.Map(value => Math.Pow(value.Real, exponent))) * evd.EigenVectors.Transpose();
    }

    /// <summary>A mask that leaves every row a view; all of them without a seed.</summary>
    private static bool[,] Mask(int rows, int views, int? seed)
    {
        Random random = new(seed ?? 0);
        bool[,] present = new bool[rows, views];
        for (int i = 0; i < rows; i++)
        {
            for (int v = 0; v < views; v++) present[i, v] = seed is null || v == i % views || random.Next(3) > 0;
        }

        return present;
    }

    private static Tensor<bool> Tensor(bool[,] mask) => System.Numerics.Tensors.Tensor.Create<bool>([.. mask.Cast<bool>()], [mask.GetLength(0), mask.GetLength(1)]);

    private static double Variance(Tensor<double> scores, int column)
    {
        Vector values = CorrelatedViews.ToMatrix(scores).Column(column);
        return MathNet.Numerics.Statistics.Statistics.Variance(values);
    }

    private static void Near(Tensor<double> actual, Tensor<double> expected, int columns, double tolerance)
    {
        Assert.That(actual.Lengths[0], Is.EqualTo(expected.Lengths[0]));
        for (int i = 0; i < actual.Lengths[0]; i++)
        {
            for (int k = 0; k < columns; k++) Assert.That(actual[i, k], Is.EqualTo(expected[i, k]).Within(tolerance), $"[{i}, {k}]");
        }
    }
}
