using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Soft alignments on devices against the host.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class SoftDeviceTests(TestEngine engine)
{
    private static readonly List<Tensor<float>> s_x = [.. new[] { 5, 9, 2 }.Select((length, i) => SoftCases.Tensor<float>(SoftCases.Walk<float>(length, 2, i)))];
    private static readonly List<Tensor<float>> s_y = [.. new[] { 7, 1 }.Select((length, i) => SoftCases.Tensor<float>(SoftCases.Walk<float>(length, 2, 10 + i)))];

    [Test]
    public void Divergences_and_kernels_are_those_of_the_host()
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        SoftDtwOptions soft = new() { Device = engine.Device, Gamma = 0.2 };
        GlobalAlignmentOptions kernel = new() { Device = engine.Device, Sigma = 0.6, Window = WarpingWindow.Radius(1) };
        Same(SoftDtw.Divergences(s_x, s_y, soft), SoftDtw.Divergences(s_x, s_y, soft with { Device = host }));
        Same(GlobalAlignment.Gram(s_x, kernel), GlobalAlignment.Gram(s_x, kernel with { Device = host }));

        static void Same(Tensor<float> actual, Tensor<float> expected) => SoftCases.Near(actual, SoftCases.Array(expected), 2e-5, "device");
    }

    [TestCase(1e-3)]
    [TestCase(0.3)]
    [TestCase(1e3)]
    public void Derivatives_are_those_of_the_host(double gamma)
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        SoftDtwOptions options = new() { Device = engine.Device, Gamma = gamma };
        IReadOnlyList<SoftDtwGradient<float>> actual = SoftDtw.ValuesAndGradients(s_x[..2], s_y, options);
        IReadOnlyList<SoftDtwGradient<float>> expected = SoftDtw.ValuesAndGradients(s_x[..2], s_y, options with { Device = host });
        for (int i = 0; i < actual.Count; i++)
        {
            Assert.That(actual[i].Value, Is.EqualTo(expected[i].Value).Within(1e-5 * Math.Max(1, Math.Abs(expected[i].Value))));
            SoftCases.Near(actual[i].X, SoftCases.Array(expected[i].X), 1e-5, "x");
            SoftCases.Near(actual[i].Y, SoftCases.Array(expected[i].Y), 1e-5, "y");
        }

        SoftDtwOptions banded = options with { Window = WarpingWindow.Radius(1) };
        SoftCases.Near(SoftDtw.ExpectedAlignment(s_x[1], s_y[0], banded), SoftCases.Array(SoftDtw.ExpectedAlignment(s_x[1], s_y[0], banded with { Device = host })), 1e-5, "expected");
    }

    [Test]
    public void Soft_barycentres_are_those_of_the_host()
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        SoftBarycenterOptions options = new() { Device = engine.Device, Iterations = 3, Gamma = 0.5 };
        SoftCases.Near(Barycenter.Soft(s_x, options).Series, SoftCases.Array(Barycenter.Soft(s_x, options with { Device = host }).Series), 1e-4, "barycentre");
    }

    [Test]
    public void Blocks_batches_and_want_of_memory_change_no_bit()
    {
        using AcceleratorEngine accelerator = (AcceleratorEngine)engine.Open();
        SeriesPack<float> x = DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([9, 14, 3], 1, 1)), y = DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([12, 5, 8], 1, 2));
        SoftProblem problem = SoftProblem.SoftDtw(0.1, WarpingWindow.None);
        float[] expected = Compute();
        for (int k = 1; ; k++)
        {
            accelerator.Faults = new(FaultPoint.Allocation, k, FaultKind.OutOfMemory);
            try
            {
                Assert.That(Compute(), Is.EqualTo(expected), $"allocation {k}");
                if (!accelerator.Faults.HasFired) break;
            }
            catch (DeviceOutOfMemoryException)
            {
                // The series and their bands must find room at once.
                Assert.That(k, Is.LessThanOrEqualTo(3));
            }

            Assert.That(accelerator.LiveBuffers, Is.Zero);
        }

        float[] Compute() =>
            [.. Soft.Gradients(accelerator, problem, x, y, [(0, 0), (1, 1), (2, 2)], DeviceWarpingAssert.Settings).SelectMany(gradient => gradient.X.Concat(gradient.Y).Append((float)gradient.Value))];
    }

    [Test]
    public void Many_blocks_of_diagonals_give_the_gradient_of_the_host()
    {

        // One group whose shares of all diagonals exceed what is kept.
        using ComputeDevice host = ComputeDevice.Open("host");
        Tensor<float> x = SoftCases.Tensor<float>(SoftCases.Walk<float>(2200, 1, 3)), y = SoftCases.Tensor<float>(SoftCases.Walk<float>(2500, 1, 4));
        List<ExecutionReport> reports = [];
        SoftDtwOptions options = new() { Device = engine.Device, Gamma = 0.5, Report = reports.Add };
        SoftDtwGradient<float> actual = SoftDtw.ValueAndGradient(x, y, options), expected = SoftDtw.ValueAndGradient(x, y, options with { Device = host });
        Assert.That(reports[0].Tiling, Does.Not.Contain(" 1 blocks"));
        Assert.That(actual.Value, Is.EqualTo(expected.Value).Within(1e-5 * Math.Abs(expected.Value)));
        SoftCases.Near(actual.X, SoftCases.Array(expected.X), 1e-4, "x");
        SoftCases.Near(actual.Y, SoftCases.Array(expected.Y), 1e-4, "y");
    }
}
