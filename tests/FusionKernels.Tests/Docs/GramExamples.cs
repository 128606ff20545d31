using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/grams.md.</summary>
[TestFixture]
internal sealed class GramExamples : ExampleFixture
{
    [Test]
    public void Composition()
    {
        Kernel smooth = Kernel.Rbf(0.05) * Kernel.Cosine();                   // product of two kernels
        Kernel fused = 0.5 * smooth.On(..8).Normalized() + Kernel.Linear().On(^8..);
        Console.WriteLine(fused);                                             // the formula, with its parameters

        Assert.That(fused.ToString(), Does.Contain("normalised").And.Contain("linear"));
        Assert.That(Gram.Compute(x, fused)[0, 1], Is.EqualTo(Gram.Compute(x, fused)[1, 0]));
    }

    [Test]
    public void CentringOfNewRows()
    {
        Kernel centred = Kernel.Rbf().Centered();
        Tensor<float> train = Gram.Compute(x, centred);             // its row means are 0
        Tensor<float> test = Gram.Compute(newRows, x, centred);     // centred by the means of x

        // The same from Grams that are already there:
        GramCentering means = GramCentering.Fit(Gram.Compute(x, Kernel.Rbf()));
        Tensor<float> same = means.Transform(Gram.Compute(newRows, x, Kernel.Rbf()));

        Assert.That(Tensor.Sum(train.AsReadOnlyTensorSpan()), Is.EqualTo(0).Within(1e-3));
        Assert.That(same[3, 7], Is.EqualTo(test[3, 7]).Within(1e-6));
    }

    [Test]
    public void IntoMemoryOfTheCallers()
    {
        float[] memory = new float[60 * 60];
        TensorSpan<float> destination = new(memory, [60, 60]);
        Gram.Compute(x, Kernel.Rbf(), destination);     // allocates nothing in steady state

        Assert.That(memory[61], Is.EqualTo(1));
    }

    [Test]
    public void MeansAndTrace()
    {
        GramSummary<float> summary = Gram.Summarize(x, Kernel.Rbf());    // one pass
        Console.WriteLine($"mean {summary.Mean}, trace {summary.Trace}, row 0 {summary.RowMeans[0]}");
        Tensor<float> diagonal = Gram.Diagonal(x, Kernel.Linear());

        Assert.That(summary.Trace, Is.EqualTo(60).Within(1e-9));
        Assert.That(diagonal.Lengths[0], Is.EqualTo((nint)60));
    }

    [Test]
    public void Regression()
    {
        Tensor<double> targets = Tensor.Create(Array.ConvertAll(labels, label => label - 0.5), [labels.Length]);
        KernelRidge ridge = KernelRidge.Fit(Gram.Compute(x, Kernel.Rbf()), targets, ridge: 1e-3);
        Tensor<double> values = ridge.Predict(Gram.Compute(newRows, x, Kernel.Rbf()));    // rows x 1
        Console.WriteLine($"relative residual {ridge.RelativeResidual:0.0e0}");

        Assert.That(values[0, 0], Is.LessThan(0));
        Assert.That(values[1, 0], Is.GreaterThan(0));
    }

    [Test]
    public void NotANumber()
    {
        x[7, 2] = float.NaN;
        try
        {
            Gram.Compute(x, Kernel.Rbf());
        }
        catch (ArgumentException wrong)
        {
            Console.WriteLine(wrong.Message);    // x[7, 2] is not a finite number: remove the row, or ask for NonFiniteInput.Propagate
        }

        Tensor<float> k = Gram.Compute(x, Kernel.Rbf(), new() { NonFinite = NonFiniteInput.Propagate });    // NaN in row and column 7 alone

        Assert.That(k[7, 3], Is.NaN);
        Assert.That(k[6, 3], Is.Not.NaN);
        Assert.That(() => Gram.Compute(x, Kernel.Rbf()), Throws.ArgumentException.With.Message.StartsWith("x[7, 2] is not a finite number: remove the row, or ask for NonFiniteInput.Propagate"));
    }

    [Test]
    public void Resuming()
    {
        GramFileOptions options = new() { BlockBytes = 256 << 20 };
        MatrixFileSummary written = Gram.ComputeTo("k.npy", x, Kernel.Rbf(), options);
        Console.WriteLine($"{written.ResumedRows} of {written.Rows} rows were there; {written.Discarded ?? "nothing was discarded"}");

        using NpyRowReader<float> rows = new("k.npy");      // reads such a file back row by row
        Tensor<float> first = rows.Read(0, 10);

        Assert.That(first.Lengths.ToArray(), Is.EqualTo(new nint[] { 10, 60 }));
        Assert.That(written.ResumedRows, Is.Zero);
    }

    [Test]
    public void Planning()
    {
        GramPlanSummary plan = Gram.Plan<float>(rows: 50_000, columns: null, features: 128, Kernel.Rbf());
        Console.WriteLine($"{plan.Flops:0.0e0} operations, {plan.ResultBytes:N0} bytes, {plan.WorkingBytes:N0} beside; {plan.Tiling}");

        Assert.That(plan.ResultBytes, Is.EqualTo(50_000L * 50_000 * sizeof(float)));
    }
}
