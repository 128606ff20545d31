using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with a lower triangle for many right-hand sides, in place, or with many triangles, each for its own, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct TriangularCall<T> : IEngineCall, IBatchCall
    where T : unmanaged
{
    /// <summary>size x size; only the lower half is read. An upper triangle is given transposed.</summary>
    public required Operand<T> Triangle { get; init; }

    /// <summary>size x width, one stride 1; receives the solution.</summary>
    public required Operand<T> Right { get; init; }

    /// <summary>Triangles, each with right-hand sides of its own; dense where there are several.</summary>
    public int Items { get; init; } = 1;

    /// <summary>Whether L X = B is solved.</summary>
    public required bool IsForward { get; init; }

    /// <summary>Whether Lᵀ X = B is solved, after the other one.</summary>
    public required bool IsBackward { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    private readonly long TriangleStride => Items == 1 ? 0 : (long)Triangle.Rows * Triangle.Columns;

    private readonly long RightStride => Items == 1 ? 0 : (long)Right.Rows * Right.Columns;

    /// <summary>One call.</summary>
    public TriangularCall()
    {
    }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        if (Items == 1)
        {
            RunItem(engine, 0, Settings);
            Settings.Progress?.Report(1);
        }
        else
        {
            HostBatch.Run(engine, this, Items);
        }

        Settings.Trace?.Computed(started, Items);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Right.Rows == 0 || Right.Columns == 0) return;
        long triangleStride = TriangleStride, rightStride = RightStride;
        using DeviceMatrix<T> triangles = engine.Read(Items == 1 ? Triangle : StagedBatch.Of(Triangle, triangleStride, Items), Settings);
        using DeviceMatrix<T> rights = engine.Update(Items == 1 ? Right : StagedBatch.Of(Right, rightStride, Items), Settings);
        DeviceMatrix<T> triangle = Items == 1 ? triangles : StagedBatch.FirstItem(triangles, Triangle, ref triangleStride);
        DeviceMatrix<T> right = Items == 1 ? rights : StagedBatch.FirstItem(rights, Right, ref rightStride);
        TriangularDevice<T> solve = new(engine, triangle, right, Items, triangleStride, rightStride, Settings);
        if (IsForward) solve.Lower(0, right.Rows);
        if (IsBackward) solve.LowerTransposed(0, right.Rows);
        rights.Commit();
        Settings.Progress?.Report(1);
    }

    /// <inheritdoc/>
    public readonly unsafe void RunItem(HostEngine engine, int item, in RunSettings settings)
    {
        TriangularSolve<T> solve = new(
            engine,
            engine.Resolve(Triangle, settings.Operation) + (item * TriangleStride),
            Triangle.RowStride,
            Triangle.ColumnStride,
            engine.Resolve(Right, settings.Operation) + (item * RightStride),
            Right.Columns,
            Right.RowStride,
            Right.ColumnStride,
            settings);
        if (IsForward) solve.Lower(0, Right.Rows);
        if (IsBackward) solve.LowerTransposed(0, Right.Rows);
    }
}
