using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>One operation of attention: engine, settings, and the report at its end. Disposing it tells listeners that it is over.</summary>
internal readonly struct AttentionExecution : IDisposable
{
    private readonly AttentionOptions _options;
    private readonly ExecutionTrace? _trace;

    private AttentionExecution(AttentionOptions options, ComputeDevice device, string operation)
    {
        (_options, Device) = (options, device);
        _trace = ExecutionTrace.Start(operation, options.Report is not null);
        Settings = HostExecution.Settings(options, operation) with { Trace = _trace };
    }

    /// <summary>The device.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Its engine.</summary>
    public Engine Engine => Device.Engine;

    /// <summary>How to run.</summary>
    public RunSettings Settings { get; }

    /// <summary>Starts an operation on operands in host memory: on the options' device, else on the default one; float64 unasked on the host.</summary>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or it is double and the options name a device that is no host.</exception>
    public static AttentionExecution Begin<T>(AttentionOptions options, string operation)
        where T : unmanaged
    {
        HostExecution.RequireElement<T>(operation);
        return Begin<T>(options, options.Device ?? (typeof(T) == typeof(double) ? HostExecution.Device : ComputeDevice.Default), operation);
    }

    /// <summary>Starts an operation on a device.</summary>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or it is double and the device is no host.</exception>
    public static AttentionExecution Begin<T>(AttentionOptions options, ComputeDevice device, string operation)
        where T : unmanaged
    {
        HostExecution.RequireElement<T>(operation);
        RequireStorage<T>(options.Storage, operation);
        if (typeof(T) == typeof(double) && !HostExecution.IsHost(device))
        {
            throw new NotSupportedException($"{operation} computes in float32 on {device.Description.Name}, float64 runs on the host alone: convert to float, or name the host");
        }

        return new(options, device, operation);
    }

    /// <summary>Requires a format that the element can be stored in.</summary>
    /// <exception cref="NotSupportedException">It is another than the element's own, which is not float.</exception>
    public static void RequireStorage<T>(AttentionStorage storage, string operation)
        where T : unmanaged
    {
        if (storage != AttentionStorage.Element && typeof(T) != typeof(float)) throw new NotSupportedException($"{operation}: {nameof(AttentionOptions.Storage)} {storage} is for float32; {Element.NameOf<T>()} tensors are stored as they are");
    }

    /// <summary>Tells what ran, where somebody asked.</summary>
    /// <param name="flops">Operations.</param>
    /// <param name="bytes">Bytes of operands and results, the mask aside.</param>
    /// <param name="inPlace">Whether they are where the operation runs; else the device's own count holds their copies.</param>
    public void Complete<T>(double flops, long bytes, bool inPlace = false)
        where T : unmanaged
    {
        if (_trace is null) return;
        _trace.Flops = flops;
        bool isHost = HostExecution.IsHost(Device);
        if (inPlace || isHost) _trace.PeakBytes += bytes;
        if (isHost) _trace.PeakBytes += _options.Mask?.FlattenedLength ?? 0;
        _trace.Complete(Engine, Element.NameOf<T>(), _options.Report);
    }

    /// <inheritdoc/>
    public void Dispose() => _trace?.Dispose();
}
