using System.Diagnostics;
using System.Numerics.Tensors;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Hosts without memory, as processes whose heap is bounded: the whole answer, or one line that names the operation; never a part of a file.</summary>
[TestFixture]
[Category("Slow")]
public sealed class HostMemoryTests
{
    /// <summary>From what the program itself needs to what every case below needs.</summary>
    private static readonly long[] s_mebibytes = [32, 40, 56, 88, 512];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _folder = new();
        Npy.Write(_folder["rows.npy"], Values(3000, 4));
        Npy.Write(_folder["some.npy"], Values(900, 4));
        Npy.Write(_folder["wide.npy"], Values(300, 1000));
        Npy.Write(_folder["place.npy"], Values(3000, 16));
        Npy.Write(_folder["series.npy"], Values(2500, 1));
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("Gram.Compute", "gram", "rows.npy", "--kernel", "rbf", "--output", "=o.npy")]
    [TestCase("Gram.Compute", "similarity", "rows.npy", "rows.npy", "--assign")]
    [TestCase("KernelCanonicalCorrelation.Fit", "kcca", "some.npy", "some.npy", "--kernel", "rbf")]
    [TestCase("MultiviewCorrelation.Fit", "mcca", "wide.npy", "wide.npy")]
    [TestCase("Attention.Weights", "attention", "place.npy", "place.npy", "place.npy", "--weights", "=w.npy", "--output", "=o.npy")]
    [TestCase("Dtw.CostMatrix", "dtw", "series.npy", "series.npy", "--cost-matrix", "=o.npy")]
    public void A_bounded_heap_gives_the_answer_or_names_the_operation(string operation, params string[] words)
    {
        int failed = 0, whole = 0;
        foreach (long mebibytes in s_mebibytes)
        {
            string[] outputs = [.. words.Where(word => word[0] == '=').Select(word => _folder[word[1..]])];
            foreach (string output in outputs) File.Delete(output);
            using Process tool = Tool.Start(mebibytes << 20, [.. words.Select(Placed), "--device", "host"]);
            (int code, _, string error) = Tool.End(tool);
            string told = $"{mebibytes} MiB: {code}, {error}";
            if (code == ExitCode.Success)
            {
                whole++;
                Assert.That(outputs.All(File.Exists), told);
                continue;
            }

            failed++;
            Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1), told);
            Assert.That(error, Does.Contain("memory").And.Not.Contain("OutOfMemoryException"), told);
            if (code == ExitCode.Device) Assert.That(error, Does.Contain($"{operation} on host: out of memory").Or.Contain(" on host: out of memory"), told);
            else Assert.That(code, Is.EqualTo(ExitCode.Data).Or.EqualTo(ExitCode.Failure), told);
            foreach (string output in outputs.Where(File.Exists)) Assert.That(() => Npy.Read<float>(output), Throws.Nothing, $"{told}; a half of a file stands there");
        }

        Assert.That(failed, Is.Positive, "no heap was too small");
        Assert.That(whole, Is.Positive, "no heap was large enough");
    }

    private string Placed(string word) => word[0] == '=' ? _folder[word[1..]] : word.EndsWith(".npy", StringComparison.Ordinal) ? _folder[word] : word;

    private static Tensor<float> Values(int rows, int columns)
    {
        Random random = new(rows + columns);
        return Tensor.Create([.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextDouble())], [rows, columns]);
    }
}
