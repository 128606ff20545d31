using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>One operation of attention on the host: engine, settings, and the report at its end.</summary>
internal readonly struct AttentionExecution
{
    private readonly AttentionOptions _options;
    private readonly ExecutionTrace? _trace;

    private AttentionExecution(AttentionOptions options, HostEngine engine, string operation)
    {
        (_options, Engine) = (options, engine);
        _trace = options.Report is null ? null : new(operation);
        Settings = HostExecution.Settings(options, operation) with { Trace = _trace };
    }

    /// <summary>The engine.</summary>
    public HostEngine Engine { get; }

    /// <summary>How to run.</summary>
    public RunSettings Settings { get; }

    /// <summary>Starts an operation.</summary>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the options name a device that is no host.</exception>
    public static AttentionExecution Begin<T>(AttentionOptions options, string operation)
        where T : unmanaged
    {
        HostExecution.RequireElement<T>(operation);
        return new(options, HostExecution.Engine(options, operation), operation);
    }

    /// <summary>Tells what ran, where somebody asked.</summary>
    public void Complete<T>(double flops, long bytes)
        where T : unmanaged
    {
        if (_trace is null) return;
        (_trace.Flops, _trace.PeakBytes) = (flops, bytes);
        _options.Report!(_trace.Report(Engine, Element.NameOf<T>()));
    }
}
