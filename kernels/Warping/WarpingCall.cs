using System.Diagnostics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping;

/// <summary>All pairs of two sets of series with everything they need, as an engine runs them.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct WarpingCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>What is to be done.</summary>
    public required WarpingPlan Plan { get; init; }

    /// <summary>The prepared series of the rows: one pack for each alignment of a pair whose end values are added.</summary>
    public required SeriesPack<T>[] X { get; init; }

    /// <summary>The prepared series of the columns; the same array where x stands against itself.</summary>
    public required SeriesPack<T>[] Y { get; init; }

    /// <summary>The series of x x the series of y.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        int tiles = WarpingHost.Run(engine, this);
        if (Settings.Trace is not { } trace) return;
        trace.Computed(started, tiles);
        trace.Tiling = Plan.DescribeOnHost(engine.Width);
        trace.Flops += Plan.Cells;
        int threads = Settings.Threads == 0 ? engine.Threads : Settings.Threads;
        trace.PeakBytes = Math.Max(trace.PeakBytes, Plan.InputBytes + Plan.ResultBytes + Plan.HostScratchBytes(threads, engine.Width));
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine) => WarpingAccelerator.Distances(engine, this);
}
