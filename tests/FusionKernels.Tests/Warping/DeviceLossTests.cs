using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;
using FusionKernels.Kernels.Warping.SoftForms;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>What is done with paths, soft derivatives and search: small, so that the simulated devices can do it, too.</summary>
internal static class DeviceWarpingWork
{
    public static readonly string[] Kinds = ["paths", "pattern paths", "gradients", "search"];

    private static readonly SeriesPack<float> s_x = DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([3], 1, 1));
    private static readonly SeriesPack<float> s_y = DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([5], 1, 2));

    private static readonly float[] s_query = [0, 1, 0, 2], s_stream = [3, 1, 4, 1, 5];

    /// <summary>Does it; the numbers that it comes to.</summary>
    public static double[] Run(Engine engine, string kind)
    {
        RunSettings settings = DeviceWarpingAssert.Settings;
        switch (kind)
        {
            case "paths": return Paths(new());
            case "pattern paths": return Paths(new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.ByName("symmetricP05") });
            case "gradients":
                return [.. Soft.Gradients(engine, SoftProblem.SoftDtw(0.5, WarpingWindow.None), s_x, s_y, [(0, 0)], settings)
                    .SelectMany(gradient => gradient.X.Concat(gradient.Y).Select(value => (double)value).Append(gradient.Value))];
            default:
                SearchProblem problem = new() { Count = 1, Exclusion = 1, ZNormalizes = true, Window = WarpingWindow.Radius(1) };
                return [.. Kernels.Warping.Warping.Search<float>(engine, problem, s_query, s_stream, settings, out _)
                    .SelectMany(match => (double[])[match.Position, match.Distance])];
        }

        double[] Paths(WarpingProblem problem) => [.. Kernels.Warping.Warping.Alignments(engine, problem, s_x, s_y, settings)
            .SelectMany(alignment => alignment is null ? [-1] : alignment.X.Concat(alignment.Y).Select(index => (double)index).Append(alignment.EndValue))];
    }
}

/// <summary>A device that is lost on the way.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class DeviceLossTests(TestEngine source)
{
    [Test]
    public void A_lost_device_is_told_and_leaves_nothing(
        [ValueSource(typeof(DeviceWarpingWork), nameof(DeviceWarpingWork.Kinds))] string kind, [Values("Launch 1", "Copy 2", "Allocation 2")] string fault)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        string[] words = fault.Split(' ');
        engine.Faults = new(Enum.Parse<FaultPoint>(words[0]), int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), FaultKind.DeviceLost);
        Assert.That(() => DeviceWarpingWork.Run(engine, kind), Throws.InstanceOf<DeviceLostException>());
        Assert.That(engine.LiveBuffers, Is.Zero);
    }
}

/// <summary>The same on the simulation, so that without any device at least this much of these kernels runs.</summary>
[TestFixture]
public sealed class SimulatedPathTests
{
    [TestCase("pattern paths")]
    [TestCase("gradients")]
    public void Patterns_and_derivatives_are_those_of_the_host(string kind) => Check(kind);

    /// <summary>A team's kernel alone takes seconds to be made ready for the simulation.</summary>
    [TestCase("paths")]
    [TestCase("search")]
    [Category("Slow")]
    public void Paths_and_matches_are_those_of_the_host(string kind) => Check(kind);

    private static void Check(string kind)
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        using AcceleratorEngine engine = AcceleratorCatalog.OpenSimulated(4);
        Assert.That(DeviceWarpingWork.Run(engine, kind), Is.EqualTo(DeviceWarpingWork.Run(host.Engine, kind)).Within(1e-5));
    }
}
