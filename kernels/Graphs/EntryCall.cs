using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs.Devices;

namespace FusionKernels.Kernels.Graphs;

/// <summary>One step over the entries of a sparse matrix, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct EntryCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>Sizes.</summary>
    public required GraphPlan Plan { get; init; }

    /// <summary>What is computed.</summary>
    public required EntryStep Step { get; init; }

    /// <summary>The rows of the sparse matrix.</summary>
    public required PatternOperand Pattern { get; init; }

    /// <summary>Values by row, or by entry where the step has one of entries.</summary>
    public required Operand<T> First { get; init; }

    /// <summary>Values by column, or by entry; absent where the step has one operand.</summary>
    public required Operand<T> Second { get; init; }

    /// <summary>entries x heads.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>Factor of negative scores.</summary>
    public double Slope { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        EntryHost<T>.Run(engine, this);
        Settings.Trace?.Computed(started, 1);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DevicePattern pattern = new(engine, Pattern, Settings);
        using DeviceMatrix<T> first = engine.Read(First, Settings);
        using DeviceMatrix<T> second = Second.IsAbsent ? engine.Temporary<T>(1, 1, Settings) : engine.Read(Second, Settings);
        using DeviceMatrix<T> result = engine.Write(Result, Settings);
        bool byRow = Step is EntryStep.Softmax or EntryStep.SoftmaxGradient;
        GraphShape shape = new()
        {
            Count = (long)(byRow ? Plan.Rows : Plan.Entries) * Plan.Heads,
            Heads = Plan.Heads,
            Width = Plan.Width,
            First = first.Offset,
            FirstStride = first.RowStride,
            Second = second.Offset,
            SecondStride = second.RowStride,
            Third = result.Offset,
        };
        double steps = byRow ? (double)Plan.Entries / Math.Max(1, Plan.Rows) : Plan.Width;
        GraphKernels<T>.Instance.Entries(engine, Step, pattern, first.View, second.View, result.View, shape, Slope, steps, Settings);
        result.Commit();
    }
}
