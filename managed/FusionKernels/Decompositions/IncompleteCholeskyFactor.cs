using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>K ≈ L Lᵀ, and the map that takes new rows to rows of the same factor.</summary>
/// <remarks>Immutable (write to none of its tensors) and thread-safe.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class IncompleteCholeskyFactor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string TransformName = "IncompleteCholeskyFactor.Transform";
    private readonly int[] _pivots;
    private readonly double[] _lower;
    private readonly Kernel? _kernel;
    private readonly Tensor<T>? _pivotRows;

    /// <summary>Wraps a factor.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="kernel">The kernel; null for a matrix that was given.</param>
    /// <param name="pivotRows">The rows of the pivots: rank x features.</param>
    internal IncompleteCholeskyFactor(IncompleteFactor factor, int rows, Kernel? kernel, Tensor<T>? pivotRows)
    {
        (_pivots, _lower, _kernel, _pivotRows) = (factor.Pivots, factor.Lower, kernel, pivotRows);
        Lower = Tensor.Create(factor.Lower, [rows, factor.Rank]);
        (Trace, RemainingTrace) = (factor.Trace, factor.RemainingTrace);
    }

    /// <summary>L: rows x rank. Row <c>Pivots[j]</c> is exactly 0 beyond column j.</summary>
    public Tensor<double> Lower { get; }

    /// <summary>The rows of x that were taken, in order.</summary>
    public IReadOnlyList<int> Pivots => _pivots;

    /// <summary>Columns of the factor: what was asked for, or fewer where the trace was used up.</summary>
    public int Rank => _pivots.Length;

    /// <summary>The trace of K.</summary>
    public double Trace { get; }

    /// <summary>The trace of K - L Lᵀ: an upper bound of its spectral and Frobenius norms.</summary>
    public double RemainingTrace { get; }

    /// <summary>L, row by row.</summary>
    internal double[] Elements => _lower;

    /// <summary>Rows of the factor for new rows: a row of x gives its row of L, and products of rows give the kernel's values as far as the rank allows.</summary>
    /// <param name="rows">new rows x features.</param>
    /// <param name="options">Device of the kernel's values, threads, cancellation; null for the defaults.</param>
    /// <returns>new rows x rank.</returns>
    /// <exception cref="InvalidOperationException">The factor is of a given matrix: use <see cref="TransformGram"/>.</exception>
    /// <exception cref="ArgumentException">The features are not those of x, or an element is not finite; the place is named.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> Transform(Tensor<T> rows, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (_kernel is null) throw new InvalidOperationException($"{TransformName}: the factor is of a given matrix, its kernel is not known; give the new rows' values against the pivots to {nameof(TransformGram)}");
        if (rows.Rank != 2 || rows.Lengths[1] != _pivotRows!.Lengths[1])
        {
            throw new ArgumentException($"'{nameof(rows)}' is {Shape.Of(rows.Lengths)}; rows of {_pivotRows!.Lengths[1]} features are needed", nameof(rows));
        }

        using Execution execution = Execution.Begin<T>(options, TransformName);
        return Solve(execution, Gram.Compute(rows, _pivotRows, _kernel, GramColumns<T>.Options(options)), options);
    }

    /// <summary>Rows of the factor for new rows whose kernel values against the pivots are given.</summary>
    /// <param name="gram">new rows x rank: against the rows <see cref="Pivots"/>, in their order.</param>
    /// <param name="options">Threads, cancellation; null for the defaults.</param>
    /// <returns>new rows x rank.</returns>
    /// <exception cref="ArgumentException">The columns are not as many as the pivots.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> TransformGram(Tensor<T> gram, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gram);
        if (gram.Rank != 2 || gram.Lengths[1] != Rank) throw new ArgumentException($"'{nameof(gram)}' is {Shape.Of(gram.Lengths)}; {Rank} columns, one for each pivot, are needed", nameof(gram));
        using Execution execution = HostExecution.BeginBeside<T>(options, $"{TransformName}Gram", hasKernel: false);
        return Solve(execution, gram, options);
    }

    private Tensor<double> Solve(in Execution execution, Tensor<T> gram, ExecutionOptions? options)
    {
        DenseMatrix values = DenseMatrix.Of(gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram)));
        IncompleteTransform.Solve(HostExecution.EngineBeside(options), _lower, _pivots, values, execution.Parts with { Progress = null });
        execution.CompleteWhole<T>($"a triangular solve of {Rank} x {Rank}, {values.Rows} right-hand sides", (double)Rank * Rank * values.Rows, 8L * values.Elements.Length);
        return Tensor.Create(values.Elements, [values.Rows, values.Columns]);
    }
}
