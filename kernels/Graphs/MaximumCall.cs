using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs.Devices;

namespace FusionKernels.Kernels.Graphs;

/// <summary>The largest of a row's neighbours in every dense column, or the gradient of that, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct MaximumCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>Whether the gradient is wanted.</summary>
    public required bool IsGradient { get; init; }

    /// <summary>Row by row; of the gradient, column by column.</summary>
    public required PatternOperand Pattern { get; init; }

    /// <summary>columns x any; of the gradient, the maxima's gradient, rows x any.</summary>
    public required Operand<T> Dense { get; init; }

    /// <summary>rows x any: the entry that each maximum came through, -1 for none; read for the gradient, else written.</summary>
    public required Operand<int> Entries { get; init; }

    /// <summary>The maxima, 0 where a row has no neighbour; or the gradient of the dense operand.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        if (IsGradient) MaximumGradientHost<T>.Run(engine, this);
        else MaximumHost<T>.Run(engine, this);
        Settings.Trace?.Computed(started, 1);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DevicePattern pattern = new(engine, Pattern, Settings);
        using DeviceMatrix<T> dense = engine.Read(Dense, Settings);
        using DeviceMatrix<int> entries = IsGradient ? engine.Read(Entries, Settings) : engine.Write(Entries, Settings);
        using DeviceMatrix<T> result = engine.Write(Result, Settings);
        GraphShape shape = new()
        {
            Count = (long)Result.Rows * Result.Columns,
            Heads = 1,
            Width = Result.Columns,
            First = dense.Offset,
            FirstStride = dense.RowStride,
            Second = entries.Offset,
            SecondStride = entries.RowStride,
            Third = result.Offset,
            ThirdStride = result.RowStride,
        };
        GraphKernels<T>.Instance.Maximum(engine, IsGradient, pattern, dense.View, entries.View, result.View, shape, (double)Pattern.Entries / Pattern.Rows, Settings);
        if (!IsGradient) entries.Commit();
        result.Commit();
    }
}
