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
}

/// <summary>What came out.</summary>
/// <param name="Q">rows x min, row by row.</param>
/// <param name="R">min x columns, row by row.</param>
/// <param name="Plan">What was done and why.</param>
internal readonly record struct QrOutcome<T>(T[] Q, T[] R, QrPlan Plan);
