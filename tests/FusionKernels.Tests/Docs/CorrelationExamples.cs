using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/correlation.md on linear correlation.</summary>
[TestFixture]
internal sealed class CorrelationExamples : ExampleFixture
{
    [Test]
    public void TwoViews()
    {
        Tensor<float> images = x[.., ..10], texts = x[.., 10..16];                // row i of each is the same example
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(images, texts, new() { Components = 2, Ridge = 1e-3 });
        (Tensor<float> u, Tensor<float> v) = cca.Transform(images, texts);       // 60 x 2 of each, unit variance
        Tensor<float> guessed = cca.PredictY(newRows[.., ..10]);                 // texts of images alone, through loadings
        cca.Save("cca.npz");

        Assert.That(u.Lengths[1], Is.EqualTo((nint)2));
        Assert.That(v.Lengths[0], Is.EqualTo((nint)60));
        Assert.That(guessed.Lengths.ToArray(), Is.EqualTo(new nint[] { 20, 6 }));
        Assert.That(CanonicalCorrelation.Load("cca.npz").Correlations, Is.EqualTo(cca.Correlations));
    }

    [Test]
    public void CorrelationTests()
    {
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(x[.., ..3], x[.., 3..6]);
        CorrelationTest first = cca.Significance!.Wilks[0];                       // .Value .F .Df1 .Df2 .P; step k: are correlations k and beyond 0?
        PermutationResult permuted = CanonicalCorrelation.PermutationTest(x[.., ..3], x[.., 3..6], null, new() { Samples = 200, Seed = 1 });

        Assert.That(first.P, Is.LessThan(0.01));
        Assert.That(permuted.P[0], Is.EqualTo(0.005));
    }

    [Test]
    public void StreamedMoments()
    {
        CanonicalMoments moments = new(10, 6);                                    // columns of each view
        moments.Accumulate(x[.., ..10], x[.., 10..16]);                           // chunk by chunk, or CanonicalMoments.OfFiles("x.npy", "y.npy")
        moments.Accumulate(newRows[.., ..10], newRows[.., 10..16]);
        CanonicalCorrelation some = moments.Select([0, 1], [[0, 2, 4], [1, 3]]).Fit(new() { Ridge = 0.1 });

        Assert.That(moments.Rows, Is.EqualTo(80));
        Assert.That(some.Components, Is.EqualTo(2));
    }

    [Test]
    public void ChosenRidge()
    {
        IReadOnlyList<CanonicalMoments> folds = CanonicalMoments.OfFolds(x[.., ..10], x[.., 10..16], 5);
        double[] ridges = [.. Enumerable.Range(0, 50).Select(i => Math.Pow(10, (i * 0.1) - 4))];
        double best = CanonicalMoments.CrossValidate(folds, ridges, new() { Components = 1 }).BestRidge;

        Assert.That(ridges, Does.Contain(best));
    }
}
