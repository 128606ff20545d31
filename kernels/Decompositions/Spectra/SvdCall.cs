using System.Diagnostics;
using FusionKernels.Kernels.Decompositions.Jacobi;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>One singular value decomposition with everything it needs, as an engine runs it: A = U diag(values) Vᵀ.</summary>
/// <remarks>Values in descending order; the entry of largest magnitude of every column of U positive.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal struct SvdCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>What is to be done.</summary>
    public required SvdPlan Plan { get; init; }

    /// <summary>rows x columns.</summary>
    public required Operand<T> Matrix { get; init; }

    /// <summary>1 x kept.</summary>
    public required Operand<T> Values { get; init; }

    /// <summary>rows x kept, or rows x rows where all are wanted; absent where no vectors are wanted.</summary>
    public required Operand<T> U { get; init; }

    /// <summary>columns x kept, or columns x columns; absent as U.</summary>
    public required Operand<T> V { get; init; }

    /// <summary>Told the route that was taken in the end, in words.</summary>
    public required SpectraOutcome Outcome { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        SvdHost.Run(engine, this);
        if (Settings.Trace is not { } trace) return;
        trace.Computed(started, 1);
        trace.Tiling = Outcome.Route;
        trace.Flops += Plan.Flops;
        trace.PeakBytes = Math.Max(trace.PeakBytes, Plan.Bytes + Plan.HostWorkingBytes);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        SpectrumInput.Check(Matrix, isSymmetric: false, lowerOnly: false, Settings.Operation);
        Outcome.Route = JacobiDevice.Svd<T>(engine, new() { Matrix = Matrix, Values = Values, U = U, V = V, Settings = Settings });
    }
}
