using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Solves triangular systems for many right-hand sides, on any device.</summary>
/// <remarks>
/// By halving, leaves of 32 rows element by element and all else matrix products; n^2 width operations. NaN and infinities are
/// rejected. The same bits for any number of threads. Thread-safe. (Golub and Van Loan 2013, section 3.1; Higham 2002, chapter 8:
/// the solution is that of a triangle whose elements differ by n units in the last place.)
/// </remarks>
public static class TriangularSolver
{
    private const string Name = "TriangularSolver.Solve";
    private const string BatchName = "TriangularSolver.SolveBatched";

    /// <summary>X of T X = B.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="triangle">n x n; only the triangle that the options name is read.</param>
    /// <param name="b">n x width, or one vector of n elements.</param>
    /// <param name="options">Which triangle, device, threads, cancellation; null for the lower one.</param>
    /// <returns>Of the shape of b.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the place is named.</exception>
    /// <exception cref="NumericalException">An element of the diagonal is 0 (it is named), or the solution is beyond the range of the element.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the operands.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Solve<T>(Tensor<T> triangle, Tensor<T> b, TriangularSolverOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(b);
        T[] solution = new T[b.FlattenedLength];
        b.FlattenTo(solution);
        Tensor<T> result = Tensor.Create(solution, b.Lengths);
        SolveInPlace(triangle, result, options);
        return result;
    }

    /// <summary>Replaces B by X of T X = B.</summary>
    /// <param name="triangle">n x n; only the triangle that the options name is read.</param>
    /// <param name="b">n x width, columns consecutive, or one vector of n elements; after an exception its contents are undefined.</param>
    /// <param name="options">Which triangle, device, threads, cancellation; null for the lower one.</param>
    /// <inheritdoc cref="Solve{T}(Tensor{T}, Tensor{T}, TriangularSolverOptions?)"/>
    public static void SolveInPlace<T>(Tensor<T> triangle, Tensor<T> b, TriangularSolverOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(triangle);
        ArgumentNullException.ThrowIfNull(b);
        options ??= new();
        MatrixRef<T> matrix = triangle.AsReadOnlyTensorSpan().AsMatrix(nameof(triangle)), right = b.AsReadOnlyTensorSpan().AsMatrix(nameof(b));
        if (triangle.Rank != 2 || matrix.Rows != matrix.Columns) throw new ArgumentException($"'{nameof(triangle)}' is {Shape.Of(triangle.Lengths)}; a square matrix is needed", nameof(triangle));
        if (right.Rows != matrix.Rows) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, the triangle is of {matrix.Rows} rows: it needs as many", nameof(b));
        if (right.Rows > 0 && right.Columns > 1 && right.ColumnStride != 1) throw new ArgumentException($"the columns of '{nameof(b)}' are not consecutive: give a row-major tensor", nameof(b));
        RequireTriangle(triangle.AsReadOnlyTensorSpan(), options.Upper, nameof(triangle), Name);
        DecompositionInput.RequireFinite(right, nameof(b));
        using Execution execution = Execution.Begin<T>(options, Name);
        TriangularRun.Solve(
            execution.Engine, options.Upper ? matrix.Transposed : matrix, right, forward: options.Upper == options.Transpose, backward: options.Upper != options.Transpose, execution.Settings);
        RequireFiniteSolution(right);
        execution.CompleteWhole<T>(TriangularRun.Tiling(execution.Engine, 1, matrix.Rows, right.Columns), (double)matrix.Rows * matrix.Rows * right.Columns, 0);
    }

    /// <summary>X of T X = B for many systems of one shape: on the host a system a thread, on an accelerator a group each.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="triangles">items x n x n; only the triangles that the options name are read.</param>
    /// <param name="b">items x n x width.</param>
    /// <param name="options">Which triangle, device, threads, cancellation; null for the lower one.</param>
    /// <returns>Of the shape of b.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or an element is not finite; the item and the place are named.</exception>
    /// <inheritdoc cref="Solve{T}(Tensor{T}, Tensor{T}, TriangularSolverOptions?)" path="/exception"/>
    public static Tensor<T> SolveBatched<T>(Tensor<T> triangles, Tensor<T> b, TriangularSolverOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int size, int columns) = BatchInput.Shaped(triangles, nameof(triangles));
        (int systems, int rows, int width) = BatchInput.Shaped(b, nameof(b));
        options ??= new();
        if (size != columns) throw new ArgumentException($"'{nameof(triangles)}' is {Shape.Of(triangles.Lengths)}; items x n x n is needed", nameof(triangles));
        if (systems != items || rows != size) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, the triangles are {items} of {size} rows: it needs as many of as many", nameof(b));
        T[] all = new T[checked((int)triangles.FlattenedLength)], right = BatchInput.Copy(b, rows, width, nameof(b));
        triangles.FlattenTo(all);
        for (int item = 0; item < items; item++) RequireTriangle(new ReadOnlyTensorSpan<T>(all.AsSpan(item * size * size, size * size), [size, size]), options.Upper, $"{nameof(triangles)}[{item}]", BatchName);
        using Execution execution = Execution.Begin<T>(options, BatchName);
        if (right.Length > 0)
        {
            MatrixRef<T> first = MatrixRef<T>.Of(all.AsSpan(0, size * size), size, size);
            TriangularRun.SolveBatch(
                execution.Engine,
                items,
                options.Upper ? first.Transposed : first,
                MatrixRef<T>.Of(right.AsSpan(0, rows * width), rows, width),
                forward: options.Upper == options.Transpose,
                backward: options.Upper != options.Transpose,
                execution.Settings);
            RequireFiniteSolution(MatrixRef<T>.Of(right, items * rows, width));
        }

        execution.CompleteWhole<T>(TriangularRun.Tiling(execution.Engine, items, size, width), (double)items * size * size * width, 0);
        return Tensor.Create(right, b.Lengths);
    }

    private static void RequireTriangle<T>(in ReadOnlyTensorSpan<T> triangle, bool upper, string name, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = checked((int)triangle.Lengths[0]);
        for (int i = 0; i < size; i++)
        {
            for (int j = upper ? i : 0; j < (upper ? size : i + 1); j++)
            {
                if (!T.IsFinite(triangle[i, j])) throw new ArgumentException($"{name}[{i}, {j}] is not a finite number", name);
            }

            if (T.IsZero(triangle[i, i])) throw new NumericalException(operation, $"{name}[{i}, {i}]", "it is 0: the triangle is singular");
        }
    }

    private static void RequireFiniteSolution<T>(MatrixRef<T> solution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            DecompositionInput.RequireFinite(solution, "solution");
        }
        catch (ArgumentException beyond)
        {
            throw new NumericalException(Name, "the solution", $"{beyond.Message}: it is beyond the range of the element; scale the system");
        }
    }
}
