using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Bad input, in one clear line each; files that are not what they say.</summary>
public sealed class CorrelationErrorTests
{
    private static readonly (double[,] X, double[,] Y) s_views = CorrelationData.Views(30, 3, 2, 1);

    [Test]
    public void Rows_that_differ_are_counted()
    {
        Tensor<double> audio = Tensor.CreateFromShape<double>([752, 3]), text = Tensor.CreateFromShape<double>([1447, 2]);
        Assert.That(
            () => CanonicalCorrelation.Fit(audio, text, new() { XName = "audio", YName = "text" }),
            Throws.ArgumentException.With.Message.Contains("view 'audio' has 752 rows, 'text' has 1447"));
    }

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "infinity")]
    public void What_is_not_finite_is_placed(double value, string word)
    {
        double[,] wrong = CorrelationData.Changed(s_views.X, (i, j, old) => i == 7 && j == 2 ? value : old);
        foreach (CorrelationRoute route in Enum.GetValues<CorrelationRoute>())
        {
            Assert.That(() => Fit(wrong, s_views.Y, new() { Route = route }), Throws.ArgumentException.With.Message.Contains(word).And.Message.Contains("row 7, column 2"));
        }

        Assert.That(() => Fit(s_views.X, s_views.Y).TransformX(CorrelationData.Tensor<double>(wrong)), Throws.ArgumentException.With.Message.Contains("row 7"));
    }

    [Test]
    public void Options_and_shapes_out_of_range_are_named()
    {
        Assert.That(() => Fit(s_views.X, s_views.Y, new() { Ridge = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ridge"));
        Assert.That(() => Fit(s_views.X, s_views.Y, new() { RidgeY = double.NaN }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Fit(s_views.X, s_views.Y, new() { Shrinkage = 1.1 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("shrinkage"));
        Assert.That(() => Fit(s_views.X, s_views.Y, new() { Components = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("component"));
        Assert.That(() => Fit(s_views.X, s_views.Y, new() { Components = 3 }), Throws.ArgumentException.With.Message.Contains("at most 2"));
        double[,] doubled = CorrelationData.Columns(s_views.Y, 0, 0);
        Assert.That(() => Fit(s_views.X, doubled, new() { Components = 2 }), Throws.ArgumentException.With.Message.Contains("numerical rank").And.Message.Contains("at most 1"));
        double[,] constant = CorrelationData.Changed(s_views.Y, (_, _, _) => 0.1);
        foreach (CorrelationRoute route in Enum.GetValues<CorrelationRoute>())
        {
            Assert.That(() => Fit(s_views.X, constant, new() { Route = route }), Throws.InstanceOf<NumericalException>().With.Message.Contains("'y'").And.Message.Contains("varies"));
        }

        Assert.That(() => Fit(CorrelationData.RowRange(s_views.X, 0, 1), CorrelationData.RowRange(s_views.Y, 0, 1)), Throws.ArgumentException.With.Message.Contains("two rows"));
        Assert.That(() => CanonicalCorrelation.Fit(Tensor.CreateFromShape<double>([5]), CorrelationData.Tensor<double>(s_views.Y)), Throws.ArgumentException.With.Message.Contains("rows x features"));
        Assert.That(() => Fit(s_views.X, s_views.Y).TransformX(CorrelationData.Tensor<double>(s_views.Y)), Throws.ArgumentException.With.Message.Contains("rows x 3"));
    }

    [Test]
    public void A_model_is_kept_in_a_file()
    {
        using TemporaryFolder folder = new();
        CanonicalCorrelation model = Fit(s_views.X, s_views.Y);
        string path = folder["model.npz"];
        model.Save(path);
        CanonicalCorrelation loaded = CanonicalCorrelation.Load(path);
        Grams.GramAssert.SameBits(loaded.PredictY(CorrelationData.Tensor<double>(s_views.X)), model.PredictY(CorrelationData.Tensor<double>(s_views.X)), "predictions");
        Grams.GramAssert.SameBits(loaded.XCrossLoadings, model.XCrossLoadings, "loadings");
        Assert.That(loaded.Significance!.Wilks, Is.EqualTo(model.Significance!.Wilks));
    }

    [Test]
    public void Hostile_files_are_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder["model.npz"], moments = folder["moments.npz"], broken = folder["broken.npz"];
        Fit(s_views.X, s_views.Y).Save(path);
        CanonicalMoments state = new(3, 2);
        state.Accumulate(CorrelationData.Tensor<double>(s_views.X), CorrelationData.Tensor<double>(s_views.Y));
        state.Save(moments);
        Assert.That(() => CanonicalCorrelation.Load(moments), Throws.InstanceOf<DataFormatException>());
        Assert.That(() => CanonicalMoments.Load(path), Throws.InstanceOf<DataFormatException>());
        Random random = new(1);
        foreach (string file in (string[])[path, moments])
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int attempt = 0; attempt < 300; attempt++)
            {
                byte[] changed = attempt % 3 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
                for (int k = 0; k < attempt % 3 && changed.Length > 0; k++) changed[random.Next(changed.Length)] = (byte)random.Next(256);
                File.WriteAllBytes(broken, changed);
                try
                {
                    if (file == path) _ = CanonicalCorrelation.Load(broken);
                    else _ = CanonicalMoments.Load(broken);
                }
                catch (DataFormatException)
                {
                }
            }
        }
    }

    private static CanonicalCorrelation Fit(double[,] x, double[,] y, CanonicalCorrelationOptions? options = null) =>
        CanonicalCorrelation.Fit(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y), options);
}
