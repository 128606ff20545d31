using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>What every learned method refuses, before any device is asked: one clear error.</summary>
[Parallelizable]
public sealed class LearnedInputTests
{
    private const int Rows = 40;

    [TestCaseSource(typeof(LearnedMethodTests), nameof(LearnedMethodTests.Methods))]
    public void BadInputGivesOneClearError(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, Rows);
        Assert.That(() => Fit(x, y[..^1, ..]), Throws.ArgumentException.With.Message.Contain("40 rows").And.Message.Contain("39"), "unpaired");
        Assert.That(() => Fit(x[..0, ..], y[..0, ..]), Throws.ArgumentException, "no rows");
        Assert.That(() => Fit(x[..1, ..], y[..1, ..]), Throws.ArgumentException, "one row");
        Assert.That(() => Fit(Tensor.Create(Array.Empty<float>(), [Rows, 0]), y), Throws.ArgumentException.With.Message.Contain("features"), "no features");
        x[3, 2] = float.NaN;
        Assert.That(() => Fit(x, y), Throws.ArgumentException.With.Message.Contain("3").And.Message.Contain("2"), "NaN");
        x[3, 2] = 0;
        if (method is not ("contrastive" or "siglip" or "adversarial" or "attention" or "latents")) return;
        Assert.That(() => Fit(x, y, [1, 2]), Throws.ArgumentException.With.Message.Match("(2 labels|labels of 2).*40"));

        void Fit(Tensor<float> a, Tensor<float> b, int[]? labels = null) =>
            LearnedMethodTests.Fit(method, a, b, new() { Epochs = 1 }, new Sgd(), labels ?? [.. Enumerable.Range(0, (int)a.Lengths[0]).Select(i => i % 3)]);
    }
}
