using System.Diagnostics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with one lower triangle for many right-hand sides, in place, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct TriangularCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>size x size; only the lower half is read. An upper triangle is given transposed.</summary>
    public required Operand<T> Triangle { get; init; }

    /// <summary>size x width, one stride 1; receives the solution.</summary>
    public required Operand<T> Right { get; init; }

    /// <summary>Whether L X = B is solved.</summary>
    public required bool IsForward { get; init; }

    /// <summary>Whether Lᵀ X = B is solved, after the other one.</summary>
    public required bool IsBackward { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly unsafe void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        TriangularSolve<T> solve = new(
            engine,
            engine.Resolve(Triangle, Settings.Operation),
            Triangle.RowStride,
            Triangle.ColumnStride,
            engine.Resolve(Right, Settings.Operation),
            Right.Columns,
            Right.RowStride,
            Right.ColumnStride,
            Settings);
        if (IsForward) solve.Lower(0, Right.Rows);
        if (IsBackward) solve.LowerTransposed(0, Right.Rows);
        Settings.Progress?.Report(1);
        Settings.Trace?.Computed(started, 1);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Right.Rows == 0 || Right.Columns == 0) return;
        using DeviceMatrix<T> triangle = engine.Read(Triangle, Settings);
        using DeviceMatrix<T> right = engine.Update(Right, Settings);
        TriangularDevice<T> solve = new(engine, triangle, right, 1, 0, 0, Settings);
        if (IsForward) solve.Lower(0, right.Rows);
        if (IsBackward) solve.LowerTransposed(0, right.Rows);
        right.Commit();
        Settings.Progress?.Report(1);
    }
}
