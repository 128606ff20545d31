using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>QR factorisations on any engine.</summary>
internal static unsafe class QrRun
{
    /// <summary>Factors a matrix in host memory; what an accelerator does not do, the host beside it does, and the plan says so.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="host">The host beside it.</param>
    /// <param name="matrix">rows x columns, finite.</param>
    /// <param name="settings">How to run.</param>
    public static QrOutcome<T> Factor<T>(Engine engine, HostEngine host, MatrixRef<T> matrix, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* values = matrix)
        {
            QrCall<T> call = new() { Matrix = matrix.At(values), Settings = settings };
            engine.Execute(ref call);
            if (call.Q is { } q) return new(q, call.R!, call.Plan);
            (T[] Q, T[] R) onHost = QrHost.Factor(host, matrix.At(values), settings);
            return new(onHost.Q, onHost.R, call.Plan);
        }
    }

    /// <summary>Factors matrices in host memory of one shape: small ones side by side, others one after the other.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="host">The host beside it.</param>
    /// <param name="matrices">items x rows x columns, finite; undefined afterwards.</param>
    /// <param name="items">Matrices.</param>
    /// <param name="rows">Rows of a matrix.</param>
    /// <param name="columns">Columns of a matrix.</param>
    /// <param name="q">Receives items x rows x min.</param>
    /// <param name="r">Receives items x min x columns.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>How, in words.</returns>
    public static string FactorBatch<T>(Engine engine, HostEngine host, T[] matrices, int items, int rows, int columns, T[] q, T[] r, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        int steps = Math.Min(rows, columns);
        if (q.Length == 0) return "nothing to do";
        if (steps <= QrBatchCall<T>.MostSteps)
        {
            QrBatchCall<T> call = new() { Matrices = matrices, Items = items, Rows = rows, Columns = columns, Q = q, R = r, Settings = settings };
            engine.Execute(ref call);
            return $"{items} x {rows} x {columns}: reflectors, {(engine is HostEngine ? "a matrix a thread" : "a group a matrix")}, for at most {QrBatchCall<T>.MostSteps} of rows or columns";
        }

        string why = "";
        for (int item = 0; item < items; item++)
        {
            RunSettings inner = settings with { Progress = PartialProgress.Of(settings.Progress, item, items) };
            QrOutcome<T> one = Factor(engine, host, MatrixRef<T>.Of(matrices.AsSpan(item * rows * columns, rows * columns), rows, columns), inner);
            one.Q.CopyTo(q, item * rows * steps);
            one.R.CopyTo(r, item * steps * columns);
            why = $"one after the other, for more than {QrBatchCall<T>.MostSteps} rows and columns, {one.Plan.Why}";
        }

        return why;
    }
}

/// <summary>What came out.</summary>
/// <param name="Q">rows x min, row by row.</param>
/// <param name="R">min x columns, row by row.</param>
/// <param name="Plan">What was done and why.</param>
internal readonly record struct QrOutcome<T>(T[] Q, T[] R, QrPlan Plan);
