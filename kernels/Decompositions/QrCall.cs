using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = Q R of a matrix in host memory, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct QrCall<T> : IEngineCall
    where T : unmanaged, INumberBase<T>
{
    /// <summary>rows x columns in host memory, finite.</summary>
    public required Operand<T> Matrix { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Q: rows x min, row by row; null where this engine cannot, as <see cref="Plan"/> says.</summary>
    public T[]? Q { get; private set; }

    /// <summary>R: min x columns, row by row.</summary>
    public T[]? R { get; private set; }

    /// <summary>What was done and why; where there is no Q, what is to be done on the host.</summary>
    public QrPlan Plan { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        Plan = QrPlan.OnHost(Matrix.Rows, Matrix.Columns);
        (Q, R) = QrHost.Factor(engine, Matrix, Settings);
        Settings.Trace?.Computed(started, 1);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        (int rows, int columns) = (Matrix.Rows, Matrix.Columns);
        Plan = QrPlan.OnAccelerator(rows, columns);
        if (Plan.Route != QrRoute.CholeskyQr) return;
        T[] q = new T[checked(rows * columns)];
        if (q.Length == 0)
        {
            (Q, R) = (q, new T[columns * columns]);
            return;
        }

        int[] exponents = ColumnScaling.Copy<T>(Matrix, q);
        double[]? r;
        fixed (T* values = q)
        {
            using DeviceMatrix<T> staged = engine.Update(new Operand<T>(values, null, 0, rows, columns, columns, 1), Settings);
            r = CholeskyQrDevice<T>.Factor(engine, staged, Settings);
            if (r is not null) staged.Commit();
        }

        if (r is null)
        {
            Plan = QrPlan.OnHost(rows, columns) with { Why = $"{rows} x {columns}: the columns depend on each other to working precision, which Cholesky factors of AᵀA cannot take apart; by reflectors on the host" };
            return;
        }

        T[] triangle = Array.ConvertAll(r, Element.Of<T>);
        ColumnScaling.Restore<T>(triangle, columns, exponents, Settings.Operation);
        (Q, R) = (q, triangle);
        Settings.Progress?.Report(1);
    }
}
