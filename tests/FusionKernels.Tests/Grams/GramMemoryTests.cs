using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Accelerators without room for a Gram computation do it in smaller blocks and tiles, tell so, or say what was too big.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
[Parallelizable]
public sealed class GramMemoryTests(TestEngine engine)
{
    private static readonly Kernel s_composed = Kernel.Rbf() + Kernel.Linear().Centered();

    /// <summary>Every operation and kernel whose memory shrinks, by name.</summary>
    private static readonly (string Name, Func<Tensor<float>, GramOptions, float[]> Run)[] s_operations =
    [
        ("compute", (x, options) => GramAssert.Elements(Gram.Compute(x, Kernel.Rbf(), options))),
        ("compute composed", (x, options) => GramAssert.Elements(Gram.Compute(x, s_composed, options))),
        ("multiply", (x, options) => GramAssert.Elements(Gram.Multiply(x, Kernel.Rbf(), x, options))),
        ("multiply composed", (x, options) => GramAssert.Elements(Gram.Multiply(x, s_composed, x, options))),
        ("neighbours", (x, options) => GramAssert.Elements(Gram.Neighbours(x, s_composed, 5, options: options).Similarities)),
        ("diagonal", (x, options) => GramAssert.Elements(Gram.Diagonal(x, s_composed, options))),
        ("file", (x, options) => ToFile(x, Kernel.Rbf(), options)),
        ("file composed", (x, options) => ToFile(x, s_composed, options)),
    ];

    /// <summary>The operations whose sweeps a simulated device gets through in seconds.</summary>
    private static readonly string[] s_quick = ["compute", "diagonal", "file"];

    private bool IsSimulated => engine.Kind == DeviceKind.IlgpuCpu;

    /// <summary>One simulated warp is enough: memory does not depend on it.</summary>
    private bool IsCovered => IsSimulated && engine.Name != "ilgpu-cpu-warp32";

    [Test]
    public void Want_of_memory_at_any_allocation_shrinks_the_tiles_or_is_told([ValueSource(nameof(Names))] string operation)
    {
        if (IsCovered || (IsSimulated && !s_quick.Contains(operation))) return;
        Func<Tensor<float>, GramOptions, float[]> run = Array.Find(s_operations, one => one.Name == operation).Run;
        Tensor<float> x = Rows(70, 2);
        float[] expected = run(x, new() { Device = ComputeDevice.Default });
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        using ComputeDevice device = ComputeDevice.Over(own);
        int survived = 0, told = 0;
        for (int k = 1; ; k++)
        {
            own.Faults = new(FaultPoint.Allocation, k, FaultKind.OutOfMemory);
            ExecutionReport? report = null;
            try
            {
                float[] values = run(x, new() { Device = device, Report = one => report = one });
                Assert.That(values, Is.EqualTo(expected).Within(1e-4), $"allocation {k}");
                if (!own.Faults.HasFired) break;
                Assert.That(report!.Retries, Is.EqualTo(1), $"allocation {k}");
                survived++;
            }
            catch (DeviceOutOfMemoryException failure)
            {
                Assert.That(failure.Device, Is.EqualTo(own.Name));
                told++;
            }

            Assert.That(own.LiveBuffers, Is.Zero, $"allocation {k}");
        }

        Assert.That(survived, Is.Positive);
        Assert.That(told, Is.Positive, "rows, norms and vectors are needed whole");
    }

    [Test]
    public void A_matrix_without_room_comes_in_blocks_and_stays_symmetric()
    {
        if (IsSimulated) return;
        double[,] x = GramAssert.Rows<float>(700, 3, 1);
        foreach (Kernel kernel in (Kernel[])[Kernel.Rbf(), s_composed])
        {
            using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
            using ComputeDevice device = ComputeDevice.Over(own);
            own.MemoryLimit = 1_500_000;
            ExecutionReport? report = null;
            GramOptions options = new() { Device = device, Report = one => report = one };
            Tensor<float> gram = Gram.Compute(GramAssert.Tensor<float>(x), kernel, options);
            Assert.That(report!.Retries, Is.Positive, kernel.ToString());
            GramAssert.Near(gram, kernel, x, x, kernel.ToString());
            GramAssert.Symmetric(gram, kernel.ToString());
        }
    }

    [Test]
    public void Vectors_without_room_are_multiplied_in_halves()
    {
        if (IsSimulated) return;
        Tensor<float> x = Rows(300, 3), v = Rows(300, 700);
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        using ComputeDevice device = ComputeDevice.Over(own);
        own.MemoryLimit = 1_000_000;
        ExecutionReport? report = null;
        List<double> progress = [];
        Tensor<float> product = Gram.Multiply(x, s_composed, v, new() { Device = device, Report = one => report = one, Progress = new Recorder(progress) });
        Assert.That(report!.Retries, Is.Positive);
        Assert.That(progress, Is.Ordered);
        Assert.That(progress[^1], Is.EqualTo(1).Within(1e-12));
        Tensor<float> expected = Gram.Multiply(x, s_composed, v, new() { Device = ComputeDevice.Default });
        Assert.That(GramAssert.Elements(product), Is.EqualTo(GramAssert.Elements(expected)).Within(1e-3));
    }

    [Test]
    public void What_never_fits_names_the_smallest_tile()
    {
        if (IsCovered) return;
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        using ComputeDevice device = ComputeDevice.Over(own);
        own.MemoryLimit = 150_000;
        Tensor<float> x = Rows(200, 3);
        Assert.That(
            () => Gram.Multiply(x, s_composed, Rows(200, 1), new() { Device = device }),
            Throws.InstanceOf<DeviceOutOfMemoryException>().With.Property("SmallestTile").EqualTo("64 x 64"));
        Assert.That(
            () => Gram.Compute(x, s_composed, new() { Device = device }),
            Throws.InstanceOf<DeviceOutOfMemoryException>().With.Property("SmallestTile").EqualTo("64 x 200"));
        Assert.That(own.LiveBuffers, Is.Zero);
    }

    private static IEnumerable<string> Names => s_operations.Select(one => one.Name);

    private static Tensor<float> Rows(int rows, int columns) => GramAssert.Tensor<float>(GramAssert.Rows<float>(rows, columns, rows));

    private static float[] ToFile(Tensor<float> x, Kernel kernel, GramOptions options)
    {
        using TemporaryFolder folder = new();
        Gram.ComputeTo(folder["k.npy"], x, kernel, new() { Device = options.Device, Report = options.Report });
        return GramAssert.Elements(Npy.Read<float>(folder["k.npy"]));
    }

    private sealed class Recorder(List<double> reports) : IProgress<double>
    {
        public void Report(double value) => reports.Add(value);
    }
}
