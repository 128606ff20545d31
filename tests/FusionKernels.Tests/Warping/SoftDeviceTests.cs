using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Soft alignments on devices against the host.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.Engines))]
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

    [Test]
    public void Derivatives_say_that_they_run_on_the_host() => Assert.That(
        () => SoftDtw.ValueAndGradient(s_x[0], s_y[0], new SoftDtwOptions { Device = engine.Device }),
        Throws.InstanceOf<NotSupportedException>().With.Message.Contains($"not on {engine.Device.Description.Name}"));
}
