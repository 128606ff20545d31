using System.Diagnostics;
using FusionKernels.Kernels.Decompositions.Jacobi;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>One singular value decomposition, or a batch of them, with everything it needs, as an engine runs it: A = U diag(values) Vᵀ.</summary>
/// <remarks>Values in descending order; the entry of largest magnitude of every column of U positive.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal struct SvdCall<T> : IEngineCall, IBatchCall
    where T : unmanaged
{
    /// <summary>What is to be done.</summary>
    public required SvdPlan Plan { get; init; }

    /// <summary>Matrices, dense where there are several, as their vectors are.</summary>
    public int Items { get; init; } = 1;

    /// <summary>The first matrix: rows x columns.</summary>
    public required Operand<T> Matrix { get; init; }

    /// <summary>Items x kept.</summary>
    public required Operand<T> Values { get; init; }

    /// <summary>rows x kept, or rows x rows where all are wanted; absent where no vectors are wanted.</summary>
    public required Operand<T> U { get; init; }

    /// <summary>columns x kept, or columns x columns; absent as U.</summary>
    public required Operand<T> V { get; init; }

    /// <summary>Told the route that was taken in the end, in words.</summary>
    public required SpectraOutcome Outcome { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>One call.</summary>
    public SvdCall()
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
            SvdHost.Run(engine, this);
        }
        else
        {
            HostBatch.Run(engine, this, Items);
            Outcome.Route = $"{Items} x {Plan.Reason}, a matrix a thread";
        }

        if (Settings.Trace is not { } trace) return;
        trace.Computed(started, Items);
        trace.Tiling = Outcome.Route;
        trace.Flops += Items * Plan.Flops;
        trace.PeakBytes = Math.Max(trace.PeakBytes, (Items * Plan.Bytes) + (Math.Min(Items, engine.Threads) * Plan.HostWorkingBytes));
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        for (int item = 0; item < Items; item++) SpectrumInput.Check(Part(item).Matrix, isSymmetric: false, lowerOnly: false, Settings.Operation);
        JacobiSvdProblem<T> problem = new()
        {
            Items = Items,
            Matrix = Matrix,
            MatrixStride = StrideOf(Matrix),
            Values = Values,
            U = U,
            UStride = StrideOf(U),
            V = V,
            VStride = StrideOf(V),
            Settings = Settings,
        };
        Outcome.Route = JacobiDevice.Svd(engine, problem);
    }

    /// <inheritdoc/>
    public readonly void RunItem(HostEngine engine, int item, in RunSettings settings) => SvdHost.Run(engine, Part(item) with { Outcome = new() { Route = "" }, Settings = settings });

    /// <summary>One of the matrices.</summary>
    private readonly SvdCall<T> Part(int item) => this with
    {
        Items = 1,
        Matrix = Matrix.Moved(item * StrideOf(Matrix)),
        Values = Values.RowRange(item, 1),
        U = U.IsAbsent ? U : U.Moved(item * StrideOf(U)),
        V = V.IsAbsent ? V : V.Moved(item * StrideOf(V)),
    };

    private static long StrideOf(in Operand<T> item) => (long)item.Rows * item.Columns;
}
