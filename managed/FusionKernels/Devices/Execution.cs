using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>One public operation on its way to an engine: which device, which settings, and the report at its end. Disposing it tells listeners that it is over.</summary>
internal readonly struct Execution : IDisposable
{
    private readonly ExecutionOptions? _options;
    private readonly ExecutionTrace? _trace;

    private Execution(ExecutionOptions? options, ComputeDevice device, string operation)
    {
        _options = options;
        Device = device;
        _trace = ExecutionTrace.Start(operation, options?.Report is not null);
        Settings = options is null
            ? new RunSettings(operation, Trace: _trace)
            : new RunSettings(operation, options.Threads, CallerProgress.Of(options.Progress), _trace, options.Cancellation);
    }

    /// <summary>The device that runs it.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The device's engine.</summary>
    public Engine Engine => Device.Engine;

    /// <summary>How to run it.</summary>
    public RunSettings Settings { get; }

    /// <summary>Threads of the host that compute; 0 on an accelerator.</summary>
    public int HostThreads => Device.Engine.HostThreads(Settings.Threads);

    /// <summary>How to run the parts of an operation that is told as a whole.</summary>
    public RunSettings Parts => Settings with { Trace = null };

    /// <summary>Starts an operation on operands in host memory.</summary>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the device lacks it.</exception>
    public static Execution Begin<T>(ExecutionOptions? options, string operation)
        where T : unmanaged => Begin<T>(options, options?.Device ?? ComputeDevice.Default, operation);

    /// <summary>Starts an operation on operands of a device, which runs it unless the options name another.</summary>
    public static Execution Begin<T>(ExecutionOptions? options, ComputeDevice operands, string operation)
        where T : unmanaged
    {
        ComputeDevice device = options?.Device ?? operands;
        Require<T>(device, operation);
        return new(options, device, operation);
    }

    /// <summary>Whether somebody asked for the report; describing what ran allocates.</summary>
    public bool IsReported => _trace is not null;

    /// <summary>Takes the reports of the operations that this one is made of; null where nobody asked.</summary>
    public Action<ExecutionReport>? OfParts => _trace is null ? null : _trace.Add;

    /// <summary>Counts missing values that are skipped, for the report.</summary>
    public void Skipped(long values)
    {
        if (_trace is not null) _trace.SkippedValues += values;
    }

    /// <summary>Tells what ran, where somebody asked.</summary>
    /// <param name="tiling">The kernel and its tiles, in words.</param>
    /// <param name="flops">The plan's operations.</param>
    /// <param name="peakBytes">The plan's bytes, where the engine did not measure them.</param>
    public void Complete<T>(string tiling, double flops, long peakBytes)
        where T : unmanaged
    {
        if (_trace is null) return;
        if (_trace.Tiling.Length == 0) _trace.Tiling = tiling;
        _trace.ComputedWhole();
        _trace.Flops = flops;
        if (Engine is HostEngine || _trace.PeakBytes == 0) _trace.PeakBytes = Math.Max(_trace.PeakBytes, peakBytes);
        _trace.Complete(Engine, Element.NameOf<T>(), _options?.Report);
    }

    /// <summary>As <see cref="Complete{T}"/>, in these words whatever the operation's parts said.</summary>
    public void CompleteWhole<T>(string route, double flops, long peakBytes)
        where T : unmanaged
    {
        if (_trace is null) return;
        _trace.Tiling = route;
        Complete<T>(route, flops, peakBytes);
    }

    /// <summary>As <see cref="CompleteWhole{T}"/>, where the parts' own reports said what they cost.</summary>
    public void CompleteParts<T>(string route)
        where T : unmanaged
    {
        if (_trace is not null) CompleteWhole<T>(route, _trace.Flops, _trace.PeakBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _trace?.Dispose();

    private static void Require<T>(ComputeDevice device, string operation)
        where T : unmanaged
    {
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{operation}: kernels compute in float and double; convert the {typeof(T).Name} tensor first");
        if (typeof(T) == typeof(double) && !device.Description.SupportsFloat64)
        {
            throw new NotSupportedException($"{operation}: {device.Description.Name} has no float64; use float32 or another device");
        }
    }
}
