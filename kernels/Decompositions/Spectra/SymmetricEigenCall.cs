using System.Diagnostics;
using FusionKernels.Kernels.Decompositions.Jacobi;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>One symmetric eigenproblem, or a batch of them, with everything it needs, as an engine runs it.</summary>
/// <remarks>Values in descending order; unit vectors in columns, the entry of largest magnitude of each positive.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal struct SymmetricEigenCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>What is to be done.</summary>
    public required SymmetricEigenPlan Plan { get; init; }

    /// <summary>The first matrix: size x size.</summary>
    public required Operand<T> Matrix { get; init; }

    /// <summary>Elements from matrix to matrix.</summary>
    public required long MatrixStride { get; init; }

    /// <summary>Items x kept, descending in each row.</summary>
    public required Operand<T> Values { get; init; }

    /// <summary>The first matrix's vectors: size x kept, columns consecutive; absent where none are wanted.</summary>
    public required Operand<T> Vectors { get; init; }

    /// <summary>Elements from vectors to vectors.</summary>
    public required long VectorStride { get; init; }

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
        SymmetricEigenHost.Run(engine, this);
        if (Settings.Trace is not { } trace) return;
        trace.Computed(started, Plan.Items);
        trace.Tiling = Plan.Reason;
        trace.Flops += Plan.Flops;
        trace.PeakBytes = Math.Max(trace.PeakBytes, Plan.Bytes + Plan.HostWorkingBytes(engine.Threads));
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        for (int item = 0; item < Plan.Items; item++)
        {
            SpectrumInput.Check(Matrix.Moved(item * MatrixStride), isSymmetric: true, Plan.LowerOnly, Settings.Operation);
        }

        Outcome.Route = JacobiDevice.SymmetricEigen<T>(engine, new()
        {
            Items = Plan.Items,
            Matrix = Matrix,
            MatrixStride = MatrixStride,
            Values = Values,
            Vectors = Vectors,
            VectorStride = VectorStride,
            Settings = Settings,
        });
    }
}
