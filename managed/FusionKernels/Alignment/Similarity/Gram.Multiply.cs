using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>K V without storing K.</content>
public static partial class Gram
{
    /// <summary>K(x, x) V, for Gram matrices that no memory holds: each tile is multiplied and forgotten.</summary>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="v">rows x width, or one vector of rows elements; any strides. Its NaNs and infinities spread as IEEE 754 says.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>rows x width.</returns>
    /// <inheritdoc cref="Multiply{T}(Tensor{T}, Tensor{T}, Kernel, Tensor{T}, GramOptions?)"/>
    public static Tensor<T> Multiply<T>(Tensor<T> x, Kernel kernel, Tensor<T> v, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        MatrixRef<T> rows = x.AsReadOnlyTensorSpan().AsMatrix(nameof(x));
        return Multiply(rows, rows, symmetric: true, kernel, v, options);
    }

    /// <summary>K(x, y) V, for Gram matrices that no memory holds: each tile is multiplied and forgotten.</summary>
    /// <remarks>
    /// Cost: the Gram matrix, and 2 rows columns width operations. Memory: a tile per thread and the result. The sums of a row
    /// are added in one order whatever the number of threads.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="kernel">The kernel; a centred one is centred by the means of y.</param>
    /// <param name="v">columns x width, or one vector of columns elements; any strides. Its NaNs and infinities spread as IEEE 754 says.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>rows x width.</returns>
    /// <exception cref="ArgumentException">v has not one row per row of y; or x or y as for <see cref="Compute{T}(Tensor{T}, Tensor{T}, Kernel, GramOptions?)"/>.</exception>
    /// <exception cref="NumericalException">A row's norm is beyond the range of the element type.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Multiply<T>(Tensor<T> x, Tensor<T> y, Kernel kernel, Tensor<T> v, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Multiply(
            x.AsReadOnlyTensorSpan().AsMatrix(nameof(x)), y.AsReadOnlyTensorSpan().AsMatrix(nameof(y)), symmetric: false, kernel, v, options);
    }

    private static Tensor<T> Multiply<T>(MatrixRef<T> x, MatrixRef<T> y, bool symmetric, Kernel kernel, Tensor<T> v, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(v);
        MatrixRef<T> vectors = v.AsReadOnlyTensorSpan().AsMatrix(nameof(v));
        if (vectors.Rows != y.Rows)
        {
            throw new ArgumentException($"v is {Shape.Of(v.Lengths)}, the Gram matrix is {x.Rows} x {y.Rows}: v needs one row per column of it", nameof(v));
        }

        Execution execution = Execution.Begin<T>(options, "Gram.Multiply");
        GramPlan plan = PlanOf(x, y, symmetric, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        Tensor<T> result = Tensor.CreateFromShapeUninitialized<T>([plan.Rows, vectors.Columns]);
        TensorSpan<T> destination = result.AsTensorSpan();
        GramVectors.Multiply(
            execution.Engine,
            plan,
            x,
            y,
            given.Operands,
            options?.NonFinite ?? NonFiniteInput.Reject,
            vectors,
            destination.AsResult(plan.Rows, vectors.Columns, nameof(result)),
            execution.Settings);
        long bytes = ((long)plan.Rows + plan.Columns) * vectors.Columns * plan.ElementBytes;
        execution.Complete<T>(plan.ConsumedTiling, plan.ConsumedFlops(2.0 * vectors.Columns), plan.InputBytes + bytes + plan.ConsumingBytes(Environment.ProcessorCount));
        return result;
    }
}
