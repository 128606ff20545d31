using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs.Devices;

namespace FusionKernels.Kernels.Graphs;

/// <summary>result = alpha A dense + beta result with a sparse A, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct SparseProductCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>Sizes.</summary>
    public required GraphPlan Plan { get; init; }

    /// <summary>The rows of A.</summary>
    public required PatternOperand Pattern { get; init; }

    /// <summary>entries x heads; absent for ones.</summary>
    public required Operand<T> Values { get; init; }

    /// <summary>columns x (heads width).</summary>
    public required Operand<T> Dense { get; init; }

    /// <summary>rows x (heads width).</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>Whether a row's sum is divided by its number of entries.</summary>
    public required bool IsMean { get; init; }

    /// <summary>Factor of the product.</summary>
    public required double Alpha { get; init; }

    /// <summary>Factor of what stands in the result, which is not read where this is 0.</summary>
    public required double Beta { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        SparseProductHost<T>.Run(engine, this);
        Settings.Trace?.Computed(started, 1);
        Settings.Trace?.Flops += Plan.Flops;
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DevicePattern pattern = new(engine, Pattern, Settings);
        using DeviceMatrix<T> dense = engine.Read(Dense, Settings);
        using DeviceMatrix<T> values = Values.IsAbsent ? engine.Temporary<T>(1, 1, Settings) : engine.Read(Values, Settings);
        using DeviceMatrix<T> result = Beta == 0 ? engine.Write(Result, Settings) : engine.Update(Result, Settings);
        GraphShape shape = new()
        {
            Count = (long)Result.Rows * Result.Columns,
            Heads = Plan.Heads,
            Width = Plan.Width,
            IsWeighted = Values.IsAbsent ? 0 : 1,
            IsPlaced = Pattern.Places.IsAbsent ? 0 : 1,
            IsMean = IsMean ? 1 : 0,
            Adds = Beta == 0 ? 0 : 1,
            First = values.Offset,
            Second = dense.Offset,
            SecondStride = dense.RowStride,
            Third = result.Offset,
            ThirdStride = result.RowStride,
        };
        GraphKernels<T>.Instance.Multiply(engine, pattern, values.View, dense.View, result.View, shape, Alpha, Beta, 2.0 * Plan.Entries / Math.Max(1, Plan.Rows), Settings);
        result.Commit();
        Settings.Trace?.Flops += Plan.Flops;
    }
}
