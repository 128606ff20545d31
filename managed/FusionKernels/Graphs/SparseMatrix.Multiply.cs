using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using GraphCalls = FusionKernels.Kernels.Graphs.Graphs;

namespace FusionKernels;

/// <content>Products with dense matrices, and their gradients.</content>
public sealed partial class SparseMatrix<T>
{
    private const string MultiplyName = "SparseMatrix.Multiply";

    /// <summary>This matrix times a dense one, on any device.</summary>
    /// <remarks>Cost: 2 entries width operations. A NaN of the dense matrix reaches the rows that have an entry in its row, even one of value 0.</remarks>
    /// <param name="dense">columns x width, row-major rows; or one vector of as many elements as there are columns.</param>
    /// <param name="options">Device, threads; null for the defaults.</param>
    /// <returns>rows x width; rows without entries are 0.</returns>
    /// <exception cref="ArgumentException">The dense matrix has not as many rows as this one has columns.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the operands.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<T> Multiply(Tensor<T> dense, ExecutionOptions? options = null)
    {
        RequireRows(dense, Columns, nameof(dense));
        MatrixRef<T> right = dense.AsReadOnlyTensorSpan().AsMatrix(nameof(dense));
        using Execution execution = Execution.Begin<T>(options, MultiplyName);
        T[] result = new T[checked(Rows * right.Columns)];
        GraphCalls.Multiply(
            execution.Engine, Pattern, MatrixRef<T>.Of(_values, Count, 1), right, MatrixRef<T>.Of(result, Rows, right.Columns), isMean: false, 1, 0, execution.Settings);
        Complete(execution, right.Columns);
        return Result(result, Rows, dense);
    }

    /// <summary>The transposed matrix times a dense one: what a gradient of the product is to its dense operand.</summary>
    /// <param name="dense">rows x width, row-major rows; or one vector of as many elements as there are rows.</param>
    /// <param name="options">Device, threads; null for the defaults.</param>
    /// <returns>columns x width.</returns>
    /// <exception cref="ArgumentException">The dense matrix has not as many rows as this one.</exception>
    /// <inheritdoc cref="Multiply" path="/exception[position()>1]"/>
    public Tensor<T> MultiplyTransposed(Tensor<T> dense, ExecutionOptions? options = null)
    {
        RequireRows(dense, Rows, nameof(dense));
        MatrixRef<T> right = dense.AsReadOnlyTensorSpan().AsMatrix(nameof(dense));
        using Execution execution = Execution.Begin<T>(options, "SparseMatrix.MultiplyTransposed");
        T[] result = new T[checked(Columns * right.Columns)];
        GraphCalls.MultiplyTransposed(
            execution.Engine, Pattern, MatrixRef<T>.Of(_values, Count, 1), right, MatrixRef<T>.Of(result, Columns, right.Columns), 1, 0, execution.Settings);
        Complete(execution, right.Columns);
        return Result(result, Columns, dense);
    }

    /// <summary>What a gradient of <see cref="Multiply"/> is to the values: by entry the dot product of its row of the gradient and its column's row of the dense matrix.</summary>
    /// <param name="gradient">rows x width.</param>
    /// <param name="dense">columns x width: the operand of the product.</param>
    /// <param name="options">Device, threads; null for the defaults.</param>
    /// <returns>One value per entry.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <inheritdoc cref="Multiply" path="/exception[position()>1]"/>
    public T[] ValueGradients(Tensor<T> gradient, Tensor<T> dense, ExecutionOptions? options = null)
    {
        RequireRows(gradient, Rows, nameof(gradient));
        RequireRows(dense, Columns, nameof(dense));
        MatrixRef<T> left = gradient.AsReadOnlyTensorSpan().AsMatrix(nameof(gradient)), right = dense.AsReadOnlyTensorSpan().AsMatrix(nameof(dense));
        if (left.Columns != right.Columns) throw new ArgumentException($"'{nameof(gradient)}' is {Shape.Of(gradient.Lengths)}, '{nameof(dense)}' is {Shape.Of(dense.Lengths)}: both have the product's width", nameof(dense));
        using Execution execution = Execution.Begin<T>(options, "SparseMatrix.ValueGradients");
        T[] result = new T[Count];
        GraphCalls.Dots(execution.Engine, Pattern, left, right, MatrixRef<T>.Of(result, Count, 1), execution.Settings);
        Complete(execution, right.Columns);
        return result;
    }

    private static void RequireRows(Tensor<T> dense, int rows, string name)
    {
        ArgumentNullException.ThrowIfNull(dense, name);
        if (dense.Rank is not (1 or 2) || dense.Lengths[0] != rows) throw new ArgumentException($"'{name}' is {Shape.Of(dense.Lengths)}; {rows} rows are needed", name);
        if (dense.Rank == 2 && rows > 0 && dense.Lengths[1] > 1 && dense.Strides[1] != 1) throw new ArgumentException($"the columns of '{name}' are not consecutive: give a row-major one", name);
    }

    private static Tensor<T> Result(T[] elements, int rows, Tensor<T> like) =>
        like.Rank == 1 ? Tensor.Create(elements, [rows]) : Tensor.Create(elements, [rows, like.Lengths[1]]);

    private void Complete(in Execution execution, int width) => execution.Complete<T>(
        $"{Count} entries of {Rows} x {Columns}, {width} dense columns",
        2.0 * Count * width,
        ((long)Count + Rows) * sizeof(int) + ((long)Count + (((long)Rows + Columns) * width)) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
}
