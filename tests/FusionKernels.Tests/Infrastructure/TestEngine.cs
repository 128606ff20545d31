using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Tests.Infrastructure;

/// <summary>One engine that fixtures run on.</summary>
/// <param name="name">Its readable name, e.g. <c>host-512</c>, <c>ilgpu-cpu-warp32</c>, <c>opencl:0</c>.</param>
/// <param name="kind">What it is.</param>
/// <param name="open">Opens it.</param>
public sealed class TestEngine
{
    private readonly Func<Engine> _open;
    private readonly Lazy<Engine> _shared;
    private readonly Lazy<ComputeDevice> _device;

    internal TestEngine(string name, DeviceKind kind, Func<Engine> open)
    {
        Name = name;
        Kind = kind;
        _open = open;
        _shared = new(Open);
        _device = new(() => ComputeDevice.Over(Shared));
    }

    /// <summary>Its readable name.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public DeviceKind Kind { get; }

    /// <summary>The public device over <see cref="Shared"/>; never to be disposed by a test.</summary>
    public ComputeDevice Device => _device.Value;

    /// <summary>An engine for every test that neither breaks nor disposes it; guards are on.</summary>
    internal Engine Shared => _shared.Value;

    /// <summary>Buffers in use on <see cref="Shared"/>, without those of models that other tests have dropped, which the collector returns when it pleases.</summary>
    internal int LiveBuffers
    {
        get
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Device.Allocate<float>(1).Dispose(); // a call takes back what was finalised before it
            return Shared.LiveBuffers;
        }
    }

    /// <summary>Whether it simulates other warps than NVIDIA's, which the default run takes.</summary>
    public bool IsOtherWarp => Kind == DeviceKind.IlgpuCpu && Name != "ilgpu-cpu-warp32";

    /// <summary>Whether it is the host at a width between the widest and scalar, at which the width suites run everything.</summary>
    private bool IsNarrow =>
        Kind == DeviceKind.Host && SimdWidths.All.Skip(1).Any(width => width != SimdWidth.Scalar && Name == $"host-{SimdWidths.NameOf(width)}");

    /// <summary>The categories of a fixture over it. The simulated devices with other warps take a minute each.</summary>
    public IEnumerable<string> Categories => IsOtherWarp ? ["Engine", Kind.ToString(), "Slow"]
        : IsNarrow ? ["Engine", Kind.ToString(), "Width"]
        : ["Engine", Kind.ToString()];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>An engine of the test's own, with guards on; the test disposes it.</summary>
    internal Engine Open()
    {
        Engine engine = _open();
        if (engine is AcceleratorEngine accelerator) accelerator.Guards = true;
        return engine;
    }
}
