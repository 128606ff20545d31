using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>One call of the family with everything it needs, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct ProductCall<T> : IEngineCall
    where T : unmanaged, INumberBase<T>
{
    /// <summary>What is to be done.</summary>
    public required ProductPlan Plan { get; init; }

    /// <summary>Left rows, of the first item.</summary>
    public required Operand<T> X { get; init; }

    /// <summary>Right rows (the columns of the right matrix), of the first item.</summary>
    public required Operand<T> Y { get; init; }

    /// <summary>The result with consecutive columns, of the first item.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>Elements from item to item of x, y and the result.</summary>
    public required BatchStrides Strides { get; init; }

    /// <summary>Factor of the product.</summary>
    public required T Alpha { get; init; }

    /// <summary>Factor of what stands in the result.</summary>
    public required T Beta { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        ProductsHost.Run(engine, this);
        if (Settings.Trace is not { } trace) return;
        trace.KernelSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        trace.Tiles += Plan.Count;
        trace.Flops += Plan.Flops;
        trace.Tiling = Plan.DescribeOnHost(engine.Width);
        trace.PeakBytes = Math.Max(trace.PeakBytes, Plan.Bytes + Plan.HostScratchBytes);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        ProductsAccelerator.Run(engine, this);
        Settings.Trace?.Flops += Plan.Flops;
    }
}
