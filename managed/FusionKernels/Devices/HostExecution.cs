using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>The host engine of operations that run nowhere else.</summary>
internal static class HostExecution
{
    private static readonly Lazy<ComputeDevice> s_own = new(ComputeDevice.OpenHost);

    /// <summary>Where operations without device kernels run unless told otherwise: the default device if it is a host, else a host of the library's own. A default device that is no host is not opened for it.</summary>
    public static ComputeDevice Device => ComputeDevice.IsDefaultTheHost ? ComputeDevice.Default : s_own.Value;

    /// <summary>Whether a device is the processor.</summary>
    public static bool IsHost(ComputeDevice device) => device.Engine is HostEngine;

    /// <summary>The host that does its part beside the options' device: that device if it is a host, else as <see cref="Device"/>.</summary>
    public static HostEngine EngineBeside(ExecutionOptions? options) => options?.Device?.Engine as HostEngine ?? (HostEngine)Device.Engine;

    /// <summary>The options' device if it is a host, else the default device if that is, else a host of the library's own.</summary>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    public static HostEngine Engine(ExecutionOptions? options, string operation)
    {
        if (options?.Device is { } named)
        {
            return named.Engine as HostEngine
                ?? throw new NotSupportedException($"{operation} runs on the host, not on {named.Description.Name}: leave the option {nameof(ExecutionOptions.Device)} unset");
        }

        return (HostEngine)Device.Engine;
    }

    /// <summary>Starts an operation that runs on the host alone.</summary>
    /// <inheritdoc cref="Engine" path="/exception"/>
    public static Execution Begin<T>(ExecutionOptions? options, string operation)
        where T : unmanaged
    {
        _ = Engine(options, operation);
        return Execution.Begin<T>(options, Device, operation);
    }

    /// <summary>Starts an operation of the host, beside which the options' device computes kernel values where there are any.</summary>
    public static Execution BeginBeside<T>(ExecutionOptions? options, string operation, bool hasKernel)
        where T : unmanaged
    {
        if (hasKernel) return Execution.Begin<T>(options, operation); // a device that is named opens no other
        return Execution.Begin<T>(options?.Device is null || IsHost(options.Device) ? options : options with { Device = Device }, Device, operation);
    }

    /// <summary>Two operations that are told as one: half of the progress each, and no report of their own.</summary>
    public static (TFirst First, TSecond Second) Both<TFirst, TSecond>(ExecutionOptions? options, Func<ExecutionOptions, TFirst> first, Func<ExecutionOptions, TSecond> second)
    {
        ExecutionOptions quiet = (options ?? new()) with { Report = null };
        return (first(quiet with { Progress = PartialProgress.Of(options?.Progress, 0, 2) }), second(quiet with { Progress = PartialProgress.Of(options?.Progress, 1, 2) }));
    }

    /// <summary>How to run there.</summary>
    public static RunSettings Settings(ExecutionOptions? options, string operation) => options is null
        ? new RunSettings(operation)
        : new RunSettings(operation, options.Threads, CallerProgress.Of(options.Progress), null, options.Cancellation);

    /// <summary>Requires an element that kernels compute in.</summary>
    /// <exception cref="NotSupportedException">It is neither float nor double.</exception>
    public static void RequireElement<T>(string operation)
        where T : unmanaged
    {
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{operation}: kernels compute in float and double; convert the {typeof(T).Name} tensor first");
    }
}
