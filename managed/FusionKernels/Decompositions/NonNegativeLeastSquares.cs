using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>min |A x - b| over x of 0 or more, by the active set method (Lawson and Hanson 1974, chapter 23).</summary>
/// <remarks>
/// In float64 on the host whatever the element; columns are scaled to length 1 and triangularised once, then every step solves a
/// small least squares problem by QR. Each step lowers the residual, so that it ends; in rounding, a step that does not is not
/// taken. 2 rows columns^2 operations once, and about 2 columns free^2 for each of usually as many steps as there are free
/// variables. NaN and infinities are rejected. Deterministic and thread-safe.
/// </remarks>
public static class NonNegativeLeastSquares
{
    private const string Name = "NonNegativeLeastSquares.Solve";

    /// <summary>Solves for each right-hand side.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x columns.</param>
    /// <param name="b">rows x width, or one vector of rows elements.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the place is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static NonNegativeLeastSquaresResult Solve<T>(Tensor<T> a, Tensor<T> b, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        MatrixRef<T> matrix = a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), right = b.AsReadOnlyTensorSpan().AsMatrix(nameof(b));
        if (a.Rank != 2) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a matrix (rows x columns) is needed", nameof(a));
        if (right.Rows != matrix.Rows) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, the matrix has {matrix.Rows} rows: it needs as many", nameof(b));
        DecompositionInput.RequireFinite(matrix, nameof(a));
        DecompositionInput.RequireFinite(right, nameof(b));
        NonNegativeHost solver = new(HostExecution.Engine(options, Name), DenseMatrix.Of(matrix), HostExecution.Settings(options, Name));
        DenseMatrix sides = DenseMatrix.Of(right), solution = new(matrix.Columns, right.Columns);
        double[] norms = new double[right.Columns];
        double residual = 0;
        int steps = 0;
        for (int c = 0; c < right.Columns; c++)
        {
            NonNegativeSolution one = solver.Solve(sides.Column(c));
            for (int j = 0; j < matrix.Columns; j++) solution[j, c] = one.X[j];
            norms[c] = one.Norm;
            residual = Math.Max(residual, one.KktResidual);
            steps += one.Steps;
            options?.Progress?.Report((c + 1.0) / right.Columns);
        }

        return new(Tensor.Create(solution.Elements, b.Rank == 1 ? [matrix.Columns] : [matrix.Columns, right.Columns]), norms, residual, steps);
    }
}
