using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Tensors;

/// <summary>The four computations take spans over a caller's own memory, of any strides, without copies of theirs.</summary>
[TestFixture]
public sealed class TensorSpanEntryTests
{
    private static readonly float[] s_memory = [.. Enumerable.Range(0, 40 * 8).Select(i => (float)Math.Sin(i * i))];
    private static readonly Tensor<float> s_x = Tensor.Create(s_memory, [40, 8]);

    /// <summary>Rows 0, 2, 4, ... and columns 1 to 4 of the memory.</summary>
    private static ReadOnlyTensorSpan<float> Strided => new(s_memory.AsSpan(1), [20, 4], [16, 1]);

    private static Tensor<float> Copied
    {
        get
        {
            Tensor<float> copy = Tensor.CreateFromShape<float>([20, 4]);
            Strided.CopyTo(copy);
            return copy;
        }
    }

    [Test]
    public void Gram_matrices() =>
        Assert.That(Gram.Compute(Strided, Kernel.Rbf(0.2f)).SequenceEqual(Gram.Compute(Copied, Kernel.Rbf(0.2f))));

    [Test]
    public void Warping() =>
        Assert.That(Dtw.Distance(Strided, s_x.AsReadOnlyTensorSpan(.., 2..6)), Is.EqualTo(Dtw.Distance(Copied, s_x[.., 2..6])));

    [Test]
    public void Canonical_correlation()
    {
        ReadOnlyTensorSpan<float> other = s_x.AsReadOnlyTensorSpan(..20, 5..);
        CanonicalCorrelation found = CanonicalCorrelation.Fit(Strided, other, new() { Ridge = 0.1 });
        Assert.That(found.Correlations, Is.EqualTo(CanonicalCorrelation.Fit(Copied, s_x[..20, 5..], new() { Ridge = 0.1 }).Correlations));
        Assert.That(() => CanonicalCorrelation.Fit(Strided, s_x.AsReadOnlyTensorSpan()), Throws.ArgumentException.With.Message.Contains("has 20 rows").And.Message.Contains("has 40"));
    }

    [Test]
    public void Attention_forward()
    {
        float[] output = new float[20 * 4];
        Attention.Forward(Strided, s_x.AsReadOnlyTensorSpan(.., ..4), s_x.AsReadOnlyTensorSpan(.., 4..), new TensorSpan<float>(output, [20, 4]));
        Assert.That(output, Is.EqualTo((float[])[.. Attention.Forward(Copied, s_x[.., ..4], s_x[.., 4..])]));
    }
}
