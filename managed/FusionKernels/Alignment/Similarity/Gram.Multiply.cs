using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>K V without storing K.</content>
public static partial class Gram
{
    private const string MultiplyName = "Gram.Multiply";

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
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Multiply<T>(Tensor<T> x, Tensor<T> y, Kernel kernel, Tensor<T> v, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Multiply(
            x.AsReadOnlyTensorSpan().AsMatrix(nameof(x)), y.AsReadOnlyTensorSpan().AsMatrix(nameof(y)), symmetric: false, kernel, v, options);
    }

    /// <summary>K(x, x) V of rows and vectors that live on a device, left there.</summary>
    /// <returns>rows x width on the device of x; dispose it.</returns>
    /// <exception cref="DeviceMismatchException">x and v live on different devices.</exception>
    /// <inheritdoc cref="Multiply{T}(Tensor{T}, Kernel, Tensor{T}, GramOptions?)"/>
    public static DeviceTensor<T> Multiply<T>(DeviceTensor<T> x, Kernel kernel, DeviceTensor<T> v, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return MultiplyOnDevice(x, x, symmetric: true, kernel, v, options);
    }

    /// <summary>K(x, y) V of rows and vectors that live on a device, left there.</summary>
    /// <returns>rows x width on the device of x; dispose it.</returns>
    /// <exception cref="DeviceMismatchException">x, y and v live on different devices.</exception>
    /// <inheritdoc cref="Multiply{T}(Tensor{T}, Tensor{T}, Kernel, Tensor{T}, GramOptions?)"/>
    public static DeviceTensor<T> Multiply<T>(DeviceTensor<T> x, DeviceTensor<T> y, Kernel kernel, DeviceTensor<T> v, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return MultiplyOnDevice(x, y, symmetric: false, kernel, v, options);
    }

    private static Tensor<T> Multiply<T>(MatrixRef<T> x, MatrixRef<T> y, bool symmetric, Kernel kernel, Tensor<T> v, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(v);
        MatrixRef<T> vectors = v.AsReadOnlyTensorSpan().AsMatrix(nameof(v));
        RequireVectors(v.Lengths, x, y);
        using Execution execution = Execution.Begin<T>(options, MultiplyName);
        Tensor<T> result = ResultTensor.Create<T>(MultiplyName, [x.Rows, vectors.Columns]);
        TensorSpan<T> destination = result.AsTensorSpan();
        Multiply(execution, x, y, symmetric, kernel, vectors, destination.AsResult(x.Rows, vectors.Columns, nameof(result)), options);
        return result;
    }

    private static DeviceTensor<T> MultiplyOnDevice<T>(
        DeviceTensor<T> x, DeviceTensor<T> y, bool symmetric, Kernel kernel, DeviceTensor<T> v, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(v);
        MatrixRef<T> rows = x.AsMatrix(nameof(x)), columns = y.AsMatrix(nameof(y)), vectors = v.AsMatrix(nameof(v));
        RequireVectors(v.Lengths, rows, columns);
        using Execution execution = Execution.Begin<T>(options, x.Device, MultiplyName);
        DeviceTensor<T> result = execution.Device.Allocate<T>(rows.Rows, vectors.Columns);
        try
        {
            Multiply(execution, rows, columns, symmetric, kernel, vectors, result.AsMatrix(nameof(result)), options);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void RequireVectors<T>(ReadOnlySpan<nint> v, MatrixRef<T> x, MatrixRef<T> y)
        where T : unmanaged
    {
        if (v[0] != y.Rows)
        {
            throw new ArgumentException($"v is {Shape.Of(v)}, the Gram matrix is {x.Rows} x {y.Rows}: v needs one row per column of it", nameof(v));
        }
    }

    private static void Multiply<T>(
        in Execution execution, MatrixRef<T> x, MatrixRef<T> y, bool symmetric, Kernel kernel, MatrixRef<T> vectors, MatrixRef<T> result, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        GramPlan plan = PlanOf(x, y, symmetric, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        GramVectors.Multiply(
            execution.Engine, plan, x, y, given.Operands, options?.NonFinite ?? NonFiniteInput.Reject, vectors, result, execution.Settings);
        long bytes = ((long)plan.Rows + plan.Columns) * vectors.Columns * plan.ElementBytes;
        execution.Complete<T>(plan.ConsumedTiling, plan.ConsumedFlops(2.0 * vectors.Columns), plan.InputBytes + bytes + ConsumingBytes(plan, execution.HostThreads));
    }
}
