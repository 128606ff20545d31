using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/alignment.md.</summary>
[TestFixture]
internal sealed class AlignmentExamples : ExampleFixture
{
    [Test]
    public void AligningWithoutLearning()
    {
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(images, texts, new() { Components = 3, Ridge = 1e-2 });
        (Tensor<float> a, Tensor<float> b) = cca.Transform(moreImages, moreTexts);   // 20 x 3 of each
        RetrievalResult found = Retrieval.Evaluate(a, b, SimilarityMetric.Cosine);   // row i belongs to row i
        AssignmentResult pairs = Assignment.Solve(SimilarityMatrix.Compute(a, b, SimilarityMetric.Cosine));

        Assert.That(found.AToB.Queries, Is.EqualTo(20));
        Assert.That(pairs.Pairs, Has.Count.EqualTo(20));
    }

    [Test]
    public void RebuildingAbsentViews()
    {
        Views views = Views.Of(("images", images), ("texts", texts));
        AutoencoderModel<float> model = AutoencoderAlignment.Fit<float>(views, new()
        {
            Mode = AutoencoderMode.Variational,
            Components = 4,
            Hidden = [16],
            BatchSize = 20,
            Optimizer = new Adam { LearningRate = 0.01 },
        });
        Views seen = Views.Of(("texts", moreTexts));                      // no images at all
        Tensor<float> codes = model.Transform(seen);                      // 20 x 4
        Tensor<float> guessed = model.Reconstruct("images", seen);        // 20 x 10, in the units of images
        Tensor<float> spread = model.Variances(seen);                     // 1 / (1 + the precision of texts)
        IReadOnlyList<double> told = model.Evaluate(Views.Of(("images", moreImages), ("texts", moreTexts)));
        Console.WriteLine($"R²: images from texts {told[0]:f2}, texts from images {told[1]:f2}");

        Assert.That((codes.Lengths[1], guessed.Lengths[1]), Is.EqualTo(((nint)4, (nint)10)));
        Assert.That(spread.Max(), Is.LessThan(1));
        Assert.That(told[0], Is.GreaterThan(0.5));
    }

    [Test]
    public void ConfusingModalities()
    {
        AdversarialModel<float> model = AdversarialAlignment.Fit(images, texts, new()
        {
            HiddenX = [16],
            HiddenY = [16],
            Components = 4,
            Labels = labels,
            Reversal = 0.3,
        });
        RetrievalResult found = model.Evaluate(moreImages, moreTexts, labels.AsSpan(..20), labels.AsSpan(..20));
        double told = model.DiscriminatorAccuracy(moreImages, moreTexts);   // 0.5: it cannot tell images from texts

        Assert.That(found.AToB.MeanAveragePrecision, Is.GreaterThan(0.8));
        Assert.That(told, Is.InRange(0, 1));
    }

    [Test]
    public void TranslatingViews()
    {
        TranslationModel<float> model = AdversarialTranslation.Fit(images, texts, new() { CycleWeight = 0.5, Epochs = 200, Optimizer = new Adam { LearningRate = 0.01 } });
        Tensor<float> made = model.TranslateX(moreImages);                  // texts of images: 20 x 6
        (double imagesFromTexts, double textsFromImages) = model.Evaluate(moreImages, moreTexts);

        Assert.That(made.Lengths[1], Is.EqualTo((nint)6));
        Assert.That((imagesFromTexts, textsFromImages), Is.EqualTo((0.5, 0.5)).Using<(double A, double B)>((a, b) => a.A > b.A && a.B > b.B));
    }

    [Test]
    public void KeepingAFittedModel()
    {
        ContrastiveModel<float> towers = ContrastiveAlignment.Fit(images, texts, new() { Components = 8, Epochs = 5 });
        towers.Save("towers.safetensors");
        ContrastiveModel<float> loaded = ContrastiveAlignment.Load<float>("towers.safetensors");
        Tensor<float> same = loaded.TransformX(moreImages);                 // bit for bit as towers would map it

        Assert.That(same, Is.EqualTo(towers.TransformX(moreImages)));
    }
}
