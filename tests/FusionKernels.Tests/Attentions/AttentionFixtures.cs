using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using NUnit.Framework.Internal;

namespace FusionKernels.Tests.Attentions;

/// <summary>The host in float32 at each width, and in float64 at the widest and in single lanes: what a width changes does not depend on the element.</summary>
public static class AttentionFixtures
{
    /// <summary>One fixture per engine and element.</summary>
    public static IEnumerable<TestFixtureData> Hosts
    {
        get
        {
            TestEngine[] hosts = [.. TestEngines.Present.Where(engine => engine.Kind == DeviceKind.Host)];
            foreach (TestEngine engine in hosts)
            {
                yield return TestEngines.Fixture(engine, typeof(float));
                if (engine == hosts[0] || engine == hosts[^1]) yield return TestEngines.Fixture(engine, typeof(double));
            }
        }
    }

    /// <summary>The hosts, and in the slow run the devices of the machine in float32: every form of their kernels takes seconds to compile.</summary>
    public static IEnumerable<TestFixtureData> Real
    {
        get
        {
            foreach (TestFixtureData host in Hosts) yield return host;
            foreach (TestEngine engine in TestEngines.Present.Where(engine => engine.Kind is DeviceKind.Cuda or DeviceKind.OpenCL))
            {
                TestFixtureData fixture = TestEngines.Fixture(engine, typeof(float));
                fixture.Properties.Add(PropertyNames.Category, "Slow");
                yield return fixture;
            }
        }
    }

    /// <summary>In the slow run, the simulated devices with the smallest warp and with NVIDIA's: groups meet so often that threads of the system take seconds over the smallest case.</summary>
    public static IEnumerable<TestFixtureData> Simulated
    {
        get
        {
            foreach (TestEngine engine in TestEngines.Present.Where(engine => engine.Name is "ilgpu-cpu-warp4" or "ilgpu-cpu-warp32"))
            {
                TestFixtureData fixture = new(engine);
                fixture.SetArgDisplayNames(engine.Name);
                foreach (string category in engine.Categories.Append("Slow").Distinct()) fixture.Properties.Add(PropertyNames.Category, category);
                yield return fixture;
            }
        }
    }

    /// <summary>The host at its widest, and in the slow run at the other widths and the devices of the machine, without an element to choose.</summary>
    public static IEnumerable<TestFixtureData> RealFloats
    {
        get
        {
            foreach (TestFixtureData widest in TestEngines.Hosts.Take(1)) yield return widest;
            foreach (TestFixtureData fixture in TestEngines.Hosts.Skip(1).Concat(TestEngines.Devices))
            {
                fixture.Properties.Add(PropertyNames.Category, "Slow");
                yield return fixture;
            }
        }
    }
}
