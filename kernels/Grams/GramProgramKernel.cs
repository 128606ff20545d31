using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Grams;

/// <summary>
/// The steps of a composed kernel over one tile: a thread owns one pair of rows, takes its statistics from the tile's, and
/// keeps its stack of values in local memory. No shared memory, no barriers.
/// </summary>
internal static class GramProgramKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="ops">The steps.</param>
    /// <param name="statistics">The tile's statistics and given values, slot by slot, rows x columns each.</param>
    /// <param name="rowValues">Vectors of one value per row, one after the other.</param>
    /// <param name="columnValues">Vectors of one value per column, one after the other.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run<V, T>(
        ArrayView<DeviceGramOp<T>> ops,
        ArrayView<T> statistics,
        ArrayView<T> rowValues,
        ArrayView<T> columnValues,
        ArrayView<T> result,
        GramProgramShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.First + Grid.GlobalLinearIndex;
        if (element >= (long)shape.Rows * shape.Columns) return;
        int r = (int)(element / shape.Columns);
        int c = (int)(element - ((long)r * shape.Columns));
        if (shape.IsSymmetric != 0 && shape.Column + c < shape.Row + r) return;

        ArrayView<V> stack = LocalMemory.Allocate<V>(GramProgram.MaximumDepth);
        int top = -1;
        for (int step = 0; step < shape.Ops; step++)
        {
            DeviceGramOp<T> op = ops[step];
            V row = V.Constant(0), column = V.Constant(0), sum = V.Constant(0);
            if (op.Vector >= 0)
            {
                row = V.Broadcast(rowValues[((long)op.Vector * shape.AllRows) + shape.Row + r]);
                column = V.Broadcast(columnValues[((long)op.Vector * shape.AllColumns) + shape.Column + c]);
            }

            if (op.Slot >= 0) sum = V.Broadcast(statistics[((long)op.Slot * shape.Rows * shape.Columns) + element]);
            if (op.Code <= (int)GramOpCode.Precomputed)
            {
                top++;
                stack[top] = op.Code == (int)GramOpCode.Precomputed ? sum : Kernel<V, T>(op, sum, row, column);
            }
            else if (op.Code == (int)GramOpCode.Add)
            {
                top--;
                stack[top] += stack[top + 1];
            }
            else if (op.Code == (int)GramOpCode.Multiply)
            {
                top--;
                stack[top] *= stack[top + 1];
            }
            else
            {
                stack[top] = Change<V, T>(op, stack[top], row, column);
            }
        }

        ArrayView<V> values = result.Cast<V>();
        values[shape.Result.Offset + (r * shape.Result.RowStride) + (c * shape.Result.ColumnStride)] = stack[0];
        if (shape.IsSymmetric == 0) return;

        // The tile's result begins at (Row, Column) of the matrix; its mirror image at (Column, Row).
        int i = shape.Row + r, j = shape.Column + c;
        long origin = shape.Result.Offset - (shape.Row * shape.Result.RowStride) - (shape.Column * shape.Result.ColumnStride);
        values[origin + (j * shape.Result.RowStride) + (i * shape.Result.ColumnStride)] = stack[0];
    }

    private static V Change<V, T>(DeviceGramOp<T> op, V value, V row, V column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (op.Code == (int)GramOpCode.Scale) return value * V.Broadcast(op.A);
        if (op.Code == (int)GramOpCode.Centre) return value - (row + column - V.Broadcast(op.A));
        return value * (row * column);
    }

    private static V Kernel<V, T>(DeviceGramOp<T> op, V sum, V row, V column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V none = V.Constant(0);
        return op.Code switch
        {
            (int)GramOpCode.Linear => sum,
            (int)GramOpCode.Polynomial => new PolynomialFunction<T>(op.A, op.B, op.Degree).Evaluate(sum, row, column, none),
            (int)GramOpCode.Rbf => new RbfFunction<T>(op.MinusA).Evaluate(sum, row, column, none),
            (int)GramOpCode.Exponential => new ExponentialFunction<T>(op.MinusA).Evaluate(sum, row, column, none),
            (int)GramOpCode.Distance => new DistanceFunction<T>(op.A).Evaluate(sum, row, column, none),
            (int)GramOpCode.Sigmoid => new SigmoidFunction<T>(op.A, op.B).Evaluate(sum, row, column, none),
            (int)GramOpCode.Cosine => default(CosineFunction<T>).Evaluate(sum, row, column, none),
            (int)GramOpCode.AdditiveChiSquared => V.Constant(-1) * sum,
            (int)GramOpCode.Matern32 => new Matern32Function<T>(op.A).Evaluate(sum, row, column, none),
            (int)GramOpCode.Matern52 => new Matern52Function<T>(op.A).Evaluate(sum, row, column, none),
            (int)GramOpCode.RationalQuadratic => new RationalQuadraticFunction<T>(op.A, op.B).Evaluate(sum, row, column, none),
            _ => new ExponentialOfSum<T>(op.MinusA).Evaluate(sum, row, column, none),
        };
    }
}
