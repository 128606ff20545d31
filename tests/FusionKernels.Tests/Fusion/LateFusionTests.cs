using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Rules over decisions: against their formulas on the models' own probabilities; calibration; no leak.</summary>
[TestFixture]
[Parallelizable]
public sealed class LateFusionTests
{
    private static readonly Views s_views = FusionData.Halves(90, 3, 2).WithMissing(0.25, 4);
    private static readonly ViewsSplit s_split = s_views.Split(0.4, 1);

    [Test]
    public void Rules_are_their_formulas()
    {
        foreach (LateRule rule in (LateRule[])[LateRule.SoftVote, LateRule.LogOpinion, LateRule.HardVote, LateRule.Evidential])
        {
            LateFusionModel model = LateFusion.Fit(s_split.Train, new() { Rule = rule });
            Tensor<double> fused = model.PredictProbabilities(s_split.Test);
            for (int i = 0; i < s_split.Test.Rows; i++)
            {
                List<(double[] P, double Accuracy)> said = [];
                for (int m = 0; m < 3; m++)
                {
                    if (!s_split.Test.IsPresent(i, m)) continue;
                    double[] p = FusionData.Flat(model.Models[m].PredictProbabilities(s_split.Test.Select($"v{m}").Take(i)));
                    p = [.. p.Select(value => Math.Pow(value, 1 / model.Temperatures[m]))];
                    said.Add(([.. p.Select(value => value / p.Sum())], model.OutOfFoldAccuracies[m]));
                }

                double[] expected = Expected(rule, said, [.. model.Prior]);
                for (int c = 0; c < 4; c++) Assert.That(fused[i, c], Is.EqualTo(expected[c]).Within(1e-5), $"{rule}, row {i}");
            }
        }
    }

    /// <summary>Labels that no view knows are named right by chance, whatever the stacker makes of their own rows.</summary>
    [Test]
    public void Stacking_leaks_nothing()
    {
        Random random = new(5);
        int[] labels = [.. Enumerable.Range(0, 200).Select(_ => random.Next(2))];
        Views noise = Views.Of(
            ("a", Tensor.Create([.. Enumerable.Range(0, 800).Select(_ => (float)FusionData.Gauss(random))], [200, 4])),
            ("b", Tensor.Create([.. Enumerable.Range(0, 800).Select(_ => (float)FusionData.Gauss(random))], [200, 4]))).WithLabels(labels);
        double accuracy = noise.Folds(4, 1).Average(fold => FusionData.Accuracy(LateFusion.Fit(fold.Train, new() { Rule = LateRule.Stacking }), fold.Test));
        Assert.That(accuracy, Is.InRange(0.38, 0.62)); // 3.4 deviations of 200 fair coins
        LateFusionModel model = LateFusion.Fit(noise, new() { Rule = LateRule.Stacking });
        Assert.That(model.OutOfFoldAccuracies, Is.All.InRange(0.38, 0.62));
    }

    [Test]
    public void Stacking_learns_which_view_to_believe()
    {
        Views views = FusionData.Halves(120, 2, 3);
        Views noisy = Views.Of(("v0", views["v0"]), ("v1", views["v1"]), ("noise", views.Corrupt("v0", 3)["v0"])).WithLabels([.. views.Labels!]);
        LateFusionModel model = LateFusion.Fit(noisy, new() { Rule = LateRule.Stacking });
        FusionExplanation explained = model.Explain(noisy);
        Assert.That(explained.Weights[2], Is.LessThan(0.6 * Math.Min(explained.Weights[0], explained.Weights[1])));
    }

    [Test]
    public void Evidence_grows_with_views_and_uncertainty_falls()
    {
        LateFusionModel model = LateFusion.Fit(s_split.Train, new() { Rule = LateRule.Evidential });
        Views whole = FusionData.Halves(90, 3, 2);
        double all = model.Explain(whole).Uncertainty.Average(), one = model.Explain(whole.Blind("v1", "v2")).Uncertainty.Average();
        Assert.That(all, Is.LessThan(one));
        Assert.That(model.Explain(whole.Blind("v0", "v1", "v2")).Uncertainty, Is.All.EqualTo(1));
    }

    [Test]
    public void Temperature_undoes_what_made_scores_too_sure()
    {
        Random random = new(3);
        int[] classes = new int[4000];
        double[] scores = new double[12_000];
        for (int i = 0; i < classes.Length; i++)
        {
            for (int c = 0; c < 3; c++) scores[(i * 3) + c] = 2 * FusionData.Gauss(random);
            double[] p = [.. Enumerable.Range(0, 3).Select(c => Math.Exp(scores[(i * 3) + c]))];
            double draw = random.NextDouble() * p.Sum();
            classes[i] = draw < p[0] ? 0 : draw < p[0] + p[1] ? 1 : 2;
        }

        double[] sharp = [.. scores.Select(score => 5 * score)];
        Assert.That(TemperatureCalibration.Fit(Tensor.Create(scores, [4000, 3]), classes), Is.EqualTo(1).Within(0.1));
        Assert.That(TemperatureCalibration.Fit(Tensor.Create(sharp, [4000, 3]), classes), Is.EqualTo(5).Within(0.5));
        Assert.That(() => TemperatureCalibration.Fit(Tensor.Create([1, double.NaN], [1, 2]), [0]), Throws.ArgumentException.With.Message.Contains("row 0, class 1"));
    }

    private static double[] Expected(LateRule rule, List<(double[] P, double Accuracy)> said, double[] prior)
    {
        double[] result = new double[4];
        switch (rule)
        {
            case LateRule.SoftVote:
                for (int c = 0; c < 4; c++) result[c] = said.Average(one => one.P[c]);
                break;
            case LateRule.LogOpinion:
                for (int c = 0; c < 4; c++) result[c] = said.Aggregate(1.0, (product, one) => product * one.P[c]) / Math.Pow(prior[c], said.Count - 1);
                break;
            case LateRule.HardVote:
                foreach ((double[] p, _) in said) result[Array.IndexOf(p, p.Max())]++;
                break;
            default:
                // Dempster's rule over sets, written out: the product of masses of every choice of focal sets goes to their intersection.
                Dictionary<int, double> mass = new() { [15] = 1 };
                foreach ((double[] p, double accuracy) in said)
                {
                    Dictionary<int, double> next = [];
                    double reliable = Math.Min(0.999, accuracy);
                    foreach ((int set, double value) in mass)
                    {
                        for (int c = 0; c < 4; c++) next[set & (1 << c)] = next.GetValueOrDefault(set & (1 << c)) + (value * reliable * p[c]);
                        next[set] = next.GetValueOrDefault(set) + (value * (1 - reliable));
                    }

                    mass = next;
                }

                mass.Remove(0);
                for (int c = 0; c < 4; c++) result[c] = mass.GetValueOrDefault(1 << c) + (mass[15] / 4);
                break;
        }

        return [.. result.Select(value => value / result.Sum())];
    }
}
