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
    private const string BatchName = "NonNegativeLeastSquares.SolveBatched";

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
        using Execution execution = HostExecution.Begin<T>(options, Name);
        NonNegativeHost solver = new((HostEngine)execution.Engine, DenseMatrix.Of(matrix), execution.Parts);
        NonNegativeSides sides = new(DenseMatrix.Of(right), matrix.Columns);
        for (int c = 0; c < right.Columns; c++)
        {
            sides.Solve(solver, c);
            options?.Progress?.Report((c + 1.0) / right.Columns);
        }

        execution.CompleteWhole<T>(Route(1, matrix.Rows, matrix.Columns, sides.Steps), FlopsOfNormal(1, matrix.Rows, matrix.Columns, right.Columns), 8L * matrix.Columns * (matrix.Columns + right.Columns));
        return new(Tensor.Create(sides.Solution.Elements, b.Rank == 1 ? [matrix.Columns] : [matrix.Columns, right.Columns]), sides.Norms, sides.KktResidual, sides.Steps);
    }

    /// <summary>Solves for many matrices of one shape, each with right-hand sides of its own: a matrix a thread.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">items x rows x columns.</param>
    /// <param name="b">items x rows x width.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>The solution, items x columns x width; norms item by item; the largest residual and all steps.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the item and the place are named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static NonNegativeLeastSquaresResult SolveBatched<T>(Tensor<T> a, Tensor<T> b, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int rows, int columns) = BatchInput.Shaped(a, nameof(a));
        (int systems, int height, int width) = BatchInput.Shaped(b, nameof(b));
        if (systems != items || height != rows) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, the matrices are {items} of {rows} rows: it needs as many of as many", nameof(b));
        using Execution execution = HostExecution.Begin<T>(options, BatchName);
        T[] matrices = BatchInput.Copy(a, rows, columns, nameof(a)), right = BatchInput.Copy(b, rows, width, nameof(b));
        NonNegativeSides[] sides = new NonNegativeSides[items];
        HostBatch.Run((HostEngine)execution.Engine, new Batch<T>(matrices, right, rows, columns, width, sides, execution.Parts), items);
        execution.CompleteWhole<T>(Route(items, rows, columns, sides.Sum(one => one.Steps)), FlopsOfNormal(items, rows, columns, width), 8L * items * columns * (columns + width));
        return new(
            Tensor.Create([.. sides.SelectMany(one => one.Solution.Elements)], [items, columns, width]),
            [.. sides.SelectMany(one => one.Norms)],
            sides.Select(one => one.KktResidual).DefaultIfEmpty().Max(),
            sides.Sum(one => one.Steps));
    }

    private static string Route(int items, int rows, int columns, int steps) =>
        $"{(items == 1 ? "" : $"{items} x ")}{rows} x {columns}: active set in float64, {steps} steps{(items == 1 ? "" : ", a matrix a thread")}";

    /// <summary>Operations of AᵀA and Aᵀb; what the steps take depends on the numbers.</summary>
    private static double FlopsOfNormal(int items, int rows, int columns, int width) => (double)items * rows * columns * (columns + (2.0 * width));

    private readonly struct Batch<T>(T[] matrices, T[] right, int rows, int columns, int width, NonNegativeSides[] sides, RunSettings settings) : IBatchCall
        where T : unmanaged
    {
        public RunSettings Settings => settings;

        public void RunItem(HostEngine engine, int item, in RunSettings one)
        {
            DenseMatrix matrix = DenseMatrix.Of(MatrixRef<T>.Of(matrices.AsSpan(item * rows * columns, rows * columns), rows, columns));
            sides[item] = new(DenseMatrix.Of(MatrixRef<T>.Of(right.AsSpan(item * rows * width, rows * width), rows, width)), columns);
            NonNegativeHost solver = new(engine, matrix, one);
            for (int c = 0; c < width; c++) sides[item].Solve(solver, c);
        }
    }
}
