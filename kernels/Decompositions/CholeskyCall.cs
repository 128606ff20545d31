using System.Diagnostics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = L Lᵀ for matrices that lie one behind the other, as an engine runs it: in place, the upper halves left undefined.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct CholeskyCall<T> : IEngineCall, IBatchCall
    where T : unmanaged
{
    /// <summary>The matrices, dense: count size x size, both halves filled.</summary>
    public required Operand<T> Matrices { get; init; }

    /// <summary>Matrices.</summary>
    public required int Count { get; init; }

    /// <summary>Rows of a matrix.</summary>
    public required int Size { get; init; }

    /// <summary>By matrix: receives the first pivot that failed, or -1.</summary>
    public required int* Failed { get; init; }

    /// <summary>By matrix: receives the value of that pivot.</summary>
    public required T* Pivots { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        new Span<int>(Failed, Count).Fill(-1);
        if (CholeskyHost.IsByItem(engine, Count, Size))
        {
            for (int i = 0; i < Count; i++) RunItem(engine, i, Settings with { Progress = PartialProgress.Of(Settings.Progress, i, Count) });
        }
        else
        {
            HostBatch.Run(engine, this, Count);
        }

        Settings.Trace?.Computed(started, Count);
        Settings.Trace?.Tiling = CholeskyHost.Tiling(engine, Count, Size);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        new Span<int>(Failed, Count).Fill(-1);
        if (Count == 0 || Size == 0) return;
        using DeviceMatrix<T> staged = engine.Update(Matrices, Settings);
        using DeviceMatrix<int> failed = engine.Update(new Operand<int>(Failed, null, 0, Count, 1, 1, 1), Settings);
        using DeviceMatrix<T> pivots = engine.Update(new Operand<T>(Pivots, null, 0, Count, 1, 1, 1), Settings);
        new CholeskyDevice<T>(engine, staged.As(Size, Size, Size, 1), Count, (long)Size * Size, failed.View, pivots.View, Settings).Factor();
        staged.Commit();
        failed.Commit();
        pivots.Commit();
        if (Settings.Trace is { } trace) trace.Tiling = CholeskyDevice<T>.Tiling(Count, Size);
    }

    /// <inheritdoc/>
    public readonly void RunItem(HostEngine engine, int item, in RunSettings settings)
    {
        T* matrix = engine.Resolve(Matrices, settings.Operation) + ((long)item * Size * Size);
        Failed[item] = CholeskyHost.TryFactor(engine, matrix, Size, Size, settings);
        if (Failed[item] >= 0) Pivots[item] = matrix[((long)Failed[item] * Size) + Failed[item]];
    }
}
