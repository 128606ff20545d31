using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>min |A x - b| over x of 0 or more, by the active set method (Lawson and Hanson 1974, chapter 23).</summary>
/// <remarks>
/// <para>In float64 whatever the element. Columns are scaled to length 1 and triangularised once, A = Q R; then every step solves a
/// small least squares problem of R and Qᵀb by QR, on the host. Each step lowers the residual, so that it ends; in rounding, a step
/// that does not is not taken. On an accelerator Q, R, Qᵀb, residuals and gradients are computed there, in float64 too; one that
/// has no float64 computes them in float32, and <see cref="NonNegativeLeastSquaresResult.KktResidual"/> tells what that costs.</para>
/// <para>2 rows columns^2 operations once, and about 2 columns free^2 for each of usually as many steps as there are free
/// variables. On a device 2 rows columns + rows width + 2 columns width elements for each matrix, and rows columns more for
/// reflectors. NaN and infinities are rejected. Deterministic on one device, and thread-safe.</para>
/// </remarks>
public static class NonNegativeLeastSquares
{
    private const string Name = "NonNegativeLeastSquares.Solve";
    private const string BatchName = "NonNegativeLeastSquares.SolveBatched";

    /// <summary>Solves for each right-hand side.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x columns.</param>
    /// <param name="b">rows x width, or one vector of rows elements.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the place is named.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrix, its Q and the right-hand sides.</exception>
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
        using Execution execution = Execution.Begin<T>(options, Name);
        NonNegativeSides sides = Run(execution, options, DenseMatrix.Of(matrix).Elements, DenseMatrix.Of(right).Elements, 1, new(matrix.Rows, matrix.Columns, right.Columns), isBatch: false)[0];
        return new(Tensor.Create(sides.Solution.Elements, b.Rank == 1 ? [matrix.Columns] : [matrix.Columns, right.Columns]), sides.Norms, sides.KktResidual, sides.Steps);
    }

    /// <summary>Solves for many matrices of one shape, each with right-hand sides of its own: a matrix a thread, on an accelerator a matrix a group.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">items x rows x columns.</param>
    /// <param name="b">items x rows x width.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>The solution, items x columns x width; norms item by item; the largest residual and all steps.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the item and the place are named.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrix, its Q and the right-hand sides.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static NonNegativeLeastSquaresResult SolveBatched<T>(Tensor<T> a, Tensor<T> b, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int rows, int columns) = BatchInput.Shaped(a, nameof(a));
        (int systems, int height, int width) = BatchInput.Shaped(b, nameof(b));
        if (systems != items || height != rows) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, the matrices are {items} of {rows} rows: it needs as many of as many", nameof(b));
        using Execution execution = Execution.Begin<T>(options, BatchName);
        double[] matrices = Array.ConvertAll(BatchInput.Copy(a, rows, columns, nameof(a)), double.CreateChecked), right = Array.ConvertAll(BatchInput.Copy(b, rows, width, nameof(b)), double.CreateChecked);
        NonNegativeSides[] sides = Run(execution, options, matrices, right, items, new(rows, columns, width), isBatch: true);
        return new(
            Tensor.Create([.. sides.SelectMany(one => one.Solution.Elements)], [items, columns, width]),
            [.. sides.SelectMany(one => one.Norms)],
            sides.Select(one => one.KktResidual).DefaultIfEmpty().Max(),
            sides.Sum(one => one.Steps));
    }

    /// <summary>In float64 wherever there is such a thing: on devices without it in float32.</summary>
    private static NonNegativeSides[] Run(in Execution execution, ExecutionOptions? options, double[] matrices, double[] right, int items, NonNegativeShape shape, bool isBatch) =>
        execution.Device.Description.SupportsFloat64
            ? Run<double>(execution, options, matrices, right, items, shape, isBatch)
            : Run<float>(execution, options, matrices, right, items, shape, isBatch);

    private static NonNegativeSides[] Run<T>(in Execution execution, ExecutionOptions? options, double[] matrices, double[] right, int items, NonNegativeShape shape, bool isBatch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NonNegativeSides[] sides = new NonNegativeSides[items];
        NonNegativeCall<T> call = new()
        {
            Matrices = matrices,
            Right = right,
            Shape = shape,
            Sides = sides,
            IsBatch = isBatch,
            Host = HostExecution.EngineBeside(options),
            Settings = execution.Settings,
        };
        execution.Engine.Execute(ref call);

        // Operations of QR and of products with the right-hand sides; what the steps take depends on the numbers.
        double flops = items * shape.Rows * (double)shape.Columns * (2.0 * shape.Steps + (6.0 * shape.Width));
        execution.Complete<T>("nothing to do", flops, 8L * items * shape.Columns * (shape.Columns + shape.Width));
        return sides;
    }
}
