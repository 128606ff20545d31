using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Operations whose memory shrinks, and what is expected of each where an allocation fails.</summary>
internal static class GramMemory
{
    /// <summary>A kernel of several steps, one of which centres.</summary>
    public static Kernel Composed { get; } = Kernel.Rbf() + Kernel.Linear().Centered();

    /// <summary>Every operation and kernel whose memory shrinks, by name.</summary>
    private static readonly (string Name, Func<Tensor<float>, GramOptions, float[]> Run)[] s_operations =
    [
        ("compute", (x, options) => GramAssert.Elements(Gram.Compute(x, Kernel.Rbf(), options))),
        ("compute composed", (x, options) => GramAssert.Elements(Gram.Compute(x, Composed, options))),
        ("multiply", (x, options) => GramAssert.Elements(Gram.Multiply(x, Kernel.Rbf(), x, options))),
        ("multiply composed", (x, options) => GramAssert.Elements(Gram.Multiply(x, Composed, x, options))),
        ("neighbours", (x, options) => GramAssert.Elements(Gram.Neighbours(x, Composed, 5, options: options).Similarities)),
        ("diagonal", (x, options) => GramAssert.Elements(Gram.Diagonal(x, Composed, options))),
        ("file", (x, options) => ToFile(x, Kernel.Rbf(), options)),
        ("file composed", (x, options) => ToFile(x, Composed, options)),
    ];

    /// <summary>The operations whose sweeps a simulated device gets through in seconds.</summary>
    public static IReadOnlyList<string> Quick { get; } = ["compute", "diagonal", "file"];

    /// <summary>The others.</summary>
    public static IEnumerable<string> Slow => s_operations.Select(one => one.Name).Except(Quick);

    /// <summary>Lets one allocation after the other fail: the answer comes all the same, in smaller tiles, or the want is told.</summary>
    public static void Sweep(TestEngine engine, string operation)
    {
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
                Assert.That(values, Is.EqualTo(expected).Within(Tolerances.Sum<float>(70, Tolerances.Gram<float>(2))), $"allocation {k}");
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

    /// <summary>A matrix drawn by its number of rows.</summary>
    public static Tensor<float> Rows(int rows, int columns) => GramAssert.Tensor<float>(GramAssert.Rows<float>(rows, columns, rows));

    private static float[] ToFile(Tensor<float> x, Kernel kernel, GramOptions options)
    {
        using TemporaryFolder folder = new();
        Gram.ComputeTo(folder["k.npy"], x, kernel, new() { Device = options.Device, Report = options.Report });
        return GramAssert.Elements(Npy.Read<float>(folder["k.npy"]));
    }
}
