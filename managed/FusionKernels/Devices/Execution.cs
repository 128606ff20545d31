using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>One public operation on its way to an engine: which device, which settings, and the report at its end.</summary>
internal readonly struct Execution
{
    private readonly ExecutionOptions? _options;
    private readonly ExecutionTrace? _trace;

    private Execution(ExecutionOptions? options, ComputeDevice device, string operation)
    {
        _options = options;
        _trace = options?.Report is null ? null : new ExecutionTrace(operation);
        Device = device;
        Settings = options is null
            ? new RunSettings(operation)
            : new RunSettings(operation, options.Threads, CallerProgress.Of(options.Progress), _trace, options.Cancellation);
    }

    /// <summary>The device that runs it.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The device's engine.</summary>
    public Engine Engine => Device.Engine;

    /// <summary>How to run it.</summary>
    public RunSettings Settings { get; }

    /// <summary>Starts an operation on operands in host memory.</summary>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the device lacks it.</exception>
    public static Execution Begin<T>(ExecutionOptions? options, string operation)
        where T : unmanaged => Checked<T>(new(options, options?.Device ?? ComputeDevice.Default, operation));

    /// <summary>Starts an operation on operands of a device, which runs it unless the options name another.</summary>
    public static Execution Begin<T>(ExecutionOptions? options, ComputeDevice operands, string operation)
        where T : unmanaged => Checked<T>(new(options, options?.Device ?? operands, operation));

    /// <summary>Whether somebody asked for the report; describing what ran allocates.</summary>
    public bool IsReported => _trace is not null;

    /// <summary>Tells what ran, where somebody asked.</summary>
    /// <param name="tiling">The kernel and its tiles, in words.</param>
    /// <param name="flops">The plan's operations.</param>
    /// <param name="peakBytes">The plan's bytes, where the engine did not measure them.</param>
    public void Complete<T>(string tiling, double flops, long peakBytes)
        where T : unmanaged
    {
        if (_trace is null) return;
        if (_trace.Tiling.Length == 0) _trace.Tiling = tiling;
        _trace.Flops = flops;
        _trace.PeakBytes = Math.Max(_trace.PeakBytes, peakBytes);
        _options!.Report!(_trace.Report(Engine, Element.NameOf<T>()));
    }

    private static Execution Checked<T>(in Execution execution)
        where T : unmanaged
    {
        if (!Element.IsSupported<T>())
        {
            throw new NotSupportedException($"{execution.Settings.Operation}: kernels compute in float and double; convert the {typeof(T).Name} tensor first");
        }

        if (typeof(T) == typeof(double) && !execution.Device.Description.SupportsFloat64)
        {
            throw new NotSupportedException($"{execution.Settings.Operation}: {execution.Device.Description.Name} has no float64; use float32 or another device");
        }

        return execution;
    }
}
