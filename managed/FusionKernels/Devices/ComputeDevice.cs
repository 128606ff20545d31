using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A device that computes: the processor, or a GPU through CUDA or OpenCL.</summary>
/// <remarks>
/// <para>Names: <c>host</c>; <c>cuda</c> or <c>cuda:0</c>, <c>cuda:1</c>, …; <c>opencl</c> or <c>opencl:0</c>, …; <c>ilgpu-cpu</c>, a
/// simulated device for checking kernels; and <c>auto</c>: CUDA, then an OpenCL GPU, then the host. A named device is that
/// device or an exception. The environment variable <c>FUSIONKERNELS_DEVICE</c> stands in for <c>auto</c>, and
/// <c>FUSIONKERNELS_SIMD</c> (<c>512</c>, <c>256</c>, <c>128</c>, <c>scalar</c>) sets the SIMD width of the host.</para>
/// <para>Every member may be called from any thread; calls on one accelerator run one after another. A device owns its memory:
/// dispose its tensors first, and it last; tensors of a disposed device are unusable, but may still be disposed. Until it is
/// disposed a device keeps its threads and its pooled memory.</para>
/// <para>Programs that are compiled ahead of time or trimmed have the host alone: accelerators are refused there, with the reason, and
/// <c>auto</c> is the host. <see cref="OpenHost"/> and <see cref="Default"/> need no code at run time.</para>
/// </remarks>
public sealed class ComputeDevice : IDisposable
{
    private static readonly Lock s_defaultLock = new();
    private static ComputeDevice? s_default;
    private volatile bool _disposed;

    private readonly Meter _gauges = Telemetry.NewMeter();

    private ComputeDevice(Engine engine, string why)
    {
        Engine = engine;
        Why = why;
        KeyValuePair<string, object?> device = new(Telemetry.Device, engine.Name);
        _gauges.CreateObservableUpDownCounter("fusionkernels.buffers.live", () => new Measurement<int>(engine.LiveBuffers, device), "{buffer}", "Buffers that were handed out and not returned.");
        _gauges.CreateObservableUpDownCounter("fusionkernels.memory.allocated", () => new Measurement<long>(engine.AllocatedBytes, device), "By", "Device memory held by tensors, running operations and the pool.");
    }

    /// <summary>The device of operations that name none: opened as <c>auto</c> at first use, shared, and opened anew after someone disposed it.</summary>
    /// <exception cref="ArgumentException"><c>FUSIONKERNELS_DEVICE</c> names no device.</exception>
    /// <exception cref="DeviceNotFoundException">The device that <c>FUSIONKERNELS_DEVICE</c> names is not there.</exception>
    public static ComputeDevice Default
    {
        get
        {
            lock (s_defaultLock) return s_default is { _disposed: false } open ? open : s_default = OpenNamed("auto");
        }
    }

    /// <summary>Whether <see cref="Default"/> is the host, or would be; opens nothing.</summary>
    internal static bool IsDefaultTheHost
    {
        get
        {
            lock (s_defaultLock) return s_default is { _disposed: false } open ? open.Engine is HostEngine : DeviceCatalog.IsAutoTheHost();
        }
    }

    /// <summary>What the device is.</summary>
    public DeviceDescription Description => Engine.Description;

    /// <summary>How the device was chosen, in a sentence: by name, by the environment, or by <c>auto</c> and what it passed over.</summary>
    public string Why { get; }

    /// <summary>Bytes of device memory held by tensors, by running operations and by the pool.</summary>
    public long AllocatedBytes => Engine.AllocatedBytes;

    /// <summary>What runs the kernels.</summary>
    internal Engine Engine { get; }

    /// <summary>The devices that can be opened, best first. Asks the drivers once per process; opens nothing.</summary>
    /// <exception cref="ArgumentException"><c>FUSIONKERNELS_SIMD</c> names an unknown width.</exception>
    /// <exception cref="PlatformNotSupportedException"><c>FUSIONKERNELS_SIMD</c> names a width that this machine does not have.</exception>
    public static IReadOnlyList<DeviceDescription> List() => [.. Probe().Where(probe => probe.IsUsable).Select(probe => probe.Description!)];

    /// <summary>Everything that was looked for, the refused devices and missing drivers with their reasons. Opens nothing.</summary>
    /// <inheritdoc cref="List" path="/exception"/>
    public static IReadOnlyList<DeviceProbe> Probe() => DeviceCatalog.Probe();

    /// <summary>Opens a device. Each call opens anew: two devices of one name share nothing.</summary>
    /// <param name="name">A name as in the remarks of this class, letters of either case.</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="DeviceNotFoundException">There is no such device, or it did not open; the message lists every probe.</exception>
    [RequiresDynamicCode(Accelerators.Requirement)]
    [RequiresUnreferencedCode(Accelerators.Requirement)]
    public static ComputeDevice Open(string name = "auto") => OpenNamed(name);

    /// <summary>Opens the processor, also in programs that are compiled ahead of time or trimmed. Each call opens anew.</summary>
    /// <inheritdoc cref="List" path="/exception"/>
    public static ComputeDevice OpenHost() => new(DeviceCatalog.OpenHost(), "host was asked for by name.");

    /// <summary>A device over an engine that is already open, for tests; disposing it closes the engine.</summary>
    internal static ComputeDevice Over(Engine engine) => new(engine, $"{engine.Name} was opened by the caller.");

    /// <summary>Copies a tensor to the device.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tensor">The tensor; any shape.</param>
    /// <returns>Its copy, of the same shape, dense and row-major; dispose it to give its memory back.</returns>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    public DeviceTensor<T> Upload<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Upload<T>(tensor.AsReadOnlyTensorSpan());
    }

    /// <summary>Copies a view of a tensor, with any strides, to the device; memory beside the result: at most one slice of the first dimension where the view is not dense.</summary>
    /// <inheritdoc cref="Upload{T}(Tensor{T})"/>
    public DeviceTensor<T> Upload<T>(ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceTensor<T> result = AllocateFor<T>(tensor.Lengths, "ComputeDevice.Upload");
        try
        {
            TensorTransfer.Upload(tensor, Engine, result.Buffer);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Device memory for a tensor; its elements are undefined.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="lengths">The shape; no length may be negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative.</exception>
    /// <inheritdoc cref="Upload{T}(Tensor{T})" path="/exception"/>
    public DeviceTensor<T> Allocate<T>(params ReadOnlySpan<nint> lengths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => AllocateFor<T>(lengths, "ComputeDevice.Allocate");

    /// <summary>Gives the pool's memory back to the driver; memory in use stays.</summary>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    public void Trim()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Engine.Trim();
    }

    /// <summary>Closes the device, after the operations under way. Never throws; a second call does nothing.</summary>
    public void Dispose()
    {
        _disposed = true;
        _gauges.Dispose();
        Engine.Dispose();
    }

    /// <inheritdoc cref="DeviceDescription.ToString"/>
    public override string ToString() => Description.ToString();

    private static ComputeDevice OpenNamed(string name)
    {
        Engine engine = DeviceCatalog.Open(name, out string why);
        return new(engine, why);
    }

    private DeviceTensor<T> AllocateFor<T>(ReadOnlySpan<nint> lengths, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceTensor<T>.RequireSupportedElement();
        ObjectDisposedException.ThrowIf(_disposed, this);
        long elements = 1;
        foreach (nint length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(lengths));
            elements = checked(elements * length);
        }

        return new(this, Engine.Allocate<T>(elements, operation), lengths);
    }
}
