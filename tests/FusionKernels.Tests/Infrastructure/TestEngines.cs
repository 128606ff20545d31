using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using NUnit.Framework;
using NUnit.Framework.Internal;

namespace FusionKernels.Tests.Infrastructure;

/// <summary>Every engine present on this machine, as the source of fixtures: <c>[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]</c>.</summary>
/// <remarks>
/// Each fixture has the categories <c>Engine</c> and one of <c>Host</c>, <c>IlgpuCpu</c>, <c>OpenCL</c>, <c>Cuda</c>. The
/// environment variable <c>FUSIONKERNELS_TEST_ENGINES</c> restricts the list to names that start with one of its
/// comma-separated words; <c>FUSIONKERNELS_TEST_REQUIRE</c> names kinds without which the run fails.
/// </remarks>
public static class TestEngines
{
    /// <summary>The warps of the devices in use: Mali and the simulation's default, Intel, NVIDIA and new AMD, old AMD.</summary>
    private static readonly int[] s_simulatedWarps = [4, 16, 32, 64];

    private static readonly Lazy<IReadOnlyList<TestEngine>> s_present = new(Find);

    /// <summary>Fixtures for every engine.</summary>
    public static IEnumerable<TestFixtureData> All => Fixtures(_ => true);

    /// <summary>Fixtures for every engine that runs through ILGPU.</summary>
    public static IEnumerable<TestFixtureData> Accelerators => Fixtures(engine => engine.Kind != DeviceKind.Host);

    /// <summary>Fixtures for every accelerator, of the simulated ones with one warp: for what does not depend on it.</summary>
    public static IEnumerable<TestFixtureData> OneWarpOfEach => Fixtures(engine => engine.Kind != DeviceKind.Host && !engine.IsOtherWarp);

    /// <summary>Fixtures for every accelerator but the simulated ones: for kernels whose groups meet so often that threads of the system take minutes over it.</summary>
    public static IEnumerable<TestFixtureData> Devices => Fixtures(engine => engine.Kind is DeviceKind.Cuda or DeviceKind.OpenCL);

    /// <summary>Fixtures for every engine but the simulated ones.</summary>
    public static IEnumerable<TestFixtureData> Real => Fixtures(engine => engine.Kind != DeviceKind.IlgpuCpu);

    /// <summary>Fixtures for the simulated devices alone.</summary>
    public static IEnumerable<TestFixtureData> Simulated => Fixtures(engine => engine.Kind == DeviceKind.IlgpuCpu);

    /// <summary>Fixtures for the host at each width.</summary>
    public static IEnumerable<TestFixtureData> Hosts => Fixtures(engine => engine.Kind == DeviceKind.Host);

    /// <summary>The engines themselves.</summary>
    public static IReadOnlyList<TestEngine> Present => s_present.Value;

    /// <summary>
    /// The fixture of an engine and an element. Float64 in single lanes and on simulated devices is for the slow run: the default run
    /// takes it at the widest vectors, and those engines in float32.
    /// </summary>
    public static TestFixtureData Fixture(TestEngine engine, Type element)
    {
        TestFixtureData fixture = Fixture(engine, new TestFixtureData(engine) { TypeArgs = [element] });
        bool isSingle = engine.Name == "host-scalar" && SimdWidths.All.Count > 1;
        if (element == typeof(double) && (isSingle || engine.Kind == DeviceKind.IlgpuCpu)) fixture.Properties.Add(PropertyNames.Category, "Slow");
        return fixture;
    }

    private static IEnumerable<TestFixtureData> Fixtures(Func<TestEngine, bool> wanted) =>
        Present.Where(wanted).Select(engine => Fixture(engine, new TestFixtureData(engine)));

    private static TestFixtureData Fixture(TestEngine engine, TestFixtureData fixture)
    {
        fixture.SetArgDisplayNames(engine.Name);
        foreach (string category in engine.Categories) fixture.Properties.Add(PropertyNames.Category, category);
        return fixture;
    }

    private static List<TestEngine> Find()
    {
        List<TestEngine> found = [];
        foreach (SimdWidth width in SimdWidths.All)
        {
            found.Add(new($"host-{SimdWidths.NameOf(width)}", DeviceKind.Host, () => new HostEngine(0, width)));
        }

        foreach (int warp in s_simulatedWarps)
        {
            found.Add(new($"ilgpu-cpu-warp{warp}", DeviceKind.IlgpuCpu, () => AcceleratorCatalog.OpenSimulated(warp)));
        }

        foreach (DeviceDescription device in ComputeDevice.List().Where(one => one.Kind is DeviceKind.Cuda or DeviceKind.OpenCL))
        {
            found.Add(new(device.Name, device.Kind, () => DeviceCatalog.Open(device.Name, out _)));
        }

        string[] only = Words("FUSIONKERNELS_TEST_ENGINES");
        return only.Length == 0
            ? found
            : [.. found.Where(engine => only.Any(word => engine.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>The comma-separated words of an environment variable.</summary>
    internal static string[] Words(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
