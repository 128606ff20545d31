using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Gram (kernel, similarity) matrices: K(i, j) = k(row i of x, row j of y).</summary>
/// <remarks>
/// <para>x is rows x features and y is columns x features, of any strides; the Gram matrix of x alone is computed once per pair
/// and is symmetric to the last bit. Distances are formed around a centre of the data, and near pairs from their differences,
/// so that data far from the origin loses nothing. Cost: 2 features operations per pair and statistic, one function per pair.</para>
/// <para>Results do not depend on the number of threads and repeat bit for bit on one device. Thread-safe.</para>
/// </remarks>
public static partial class Gram
{
    private const string SummarizeName = "Gram.Summarize";

    /// <summary>The Gram matrix of the rows of x.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>rows x rows, symmetric.</returns>
    /// <exception cref="ArgumentException">x is no matrix, holds a NaN or an infinity (its place is named), is negative under a chi-squared kernel, or does not fit the kernel; or a parameter of the kernel is beyond the range of the element type.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold even the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Compute<T>(Tensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Compute<T>(x.AsReadOnlyTensorSpan(), kernel, options);
    }

    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static Tensor<T> Compute<T>(in ReadOnlyTensorSpan<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = ResultTensor.Create<T>("Gram.Compute", x.Lengths[0], x.Lengths[0]);
        Compute(x, kernel, result.AsTensorSpan(), options);
        return result;
    }

    /// <summary>The Gram matrix of the rows of x against the rows of y: of new rows against training rows, say.</summary>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="kernel">The kernel; a centred one is centred by the means of y.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>rows x columns.</returns>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static Tensor<T> Compute<T>(Tensor<T> x, Tensor<T> y, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Compute<T>(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), kernel, options);
    }

    /// <inheritdoc cref="Compute{T}(Tensor{T}, Tensor{T}, Kernel, GramOptions?)"/>
    public static Tensor<T> Compute<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = ResultTensor.Create<T>("Gram.Compute", x.Lengths[0], y.Lengths[0]);
        Compute(x, y, kernel, result.AsTensorSpan(), options);
        return result;
    }

    /// <summary>The Gram matrix of the rows of x, into memory of the caller's; in steady state this allocates nothing.</summary>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="destination">rows x rows, columns consecutive, in memory of its own.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)" path="/exception"/>
    public static void Compute<T>(in ReadOnlyTensorSpan<T> x, Kernel kernel, in TensorSpan<T> destination, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixRef<T> rows = x.AsMatrix(nameof(x)), result = destination.AsResult(rows.Rows, rows.Rows, nameof(destination));
        Overlap.Refuse(x, destination, nameof(x), nameof(destination));
        using Execution execution = Execution.Begin<T>(options, "Gram.Compute");
        Run(execution, rows, rows, symmetric: true, kernel, result, options, rowSums: null);
    }

    /// <summary>The Gram matrix of the rows of x against the rows of y, into memory of the caller's; in steady state this allocates nothing.</summary>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="destination">rows x columns, columns consecutive, in memory of its own.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)" path="/exception"/>
    public static void Compute<T>(
        in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, Kernel kernel, in TensorSpan<T> destination, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixRef<T> rows = x.AsMatrix(nameof(x)), columns = y.AsMatrix(nameof(y)), result = destination.AsResult(rows.Rows, columns.Rows, nameof(destination));
        Overlap.Refuse(x, destination, nameof(x), nameof(destination));
        Overlap.Refuse(y, destination, nameof(y), nameof(destination));
        using Execution execution = Execution.Begin<T>(options, "Gram.Compute");
        Run(execution, rows, columns, symmetric: false, kernel, result, options, rowSums: null);
    }

    /// <summary>The Gram matrix of rows that live on a device, left there.</summary>
    /// <returns>rows x rows on the device of x; dispose it.</returns>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static DeviceTensor<T> Compute<T>(DeviceTensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return OnDevice(x, x, symmetric: true, kernel, options);
    }

    /// <summary>The Gram matrix of rows that live on a device against others there, left there.</summary>
    /// <returns>rows x columns on the device of x; dispose it.</returns>
    /// <exception cref="DeviceMismatchException">x and y live on different devices.</exception>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Tensor{T}, Kernel, GramOptions?)"/>
    public static DeviceTensor<T> Compute<T>(DeviceTensor<T> x, DeviceTensor<T> y, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return OnDevice(x, y, symmetric: false, kernel, options);
    }

    /// <summary>The Gram matrix of the rows of x with its row means, mean and trace, accumulated in the same pass.</summary>
    /// <inheritdoc cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static GramSummary<T> Summarize<T>(Tensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        using Execution execution = Execution.Begin<T>(options, SummarizeName);
        return Summarize(execution, x.AsReadOnlyTensorSpan().AsMatrix(nameof(x)), kernel, options);
    }

    /// <summary>The Gram matrix of rows that live on a device with its row means, mean and trace, accumulated in the same pass.</summary>
    /// <returns>The matrix and its sums in host memory.</returns>
    /// <inheritdoc cref="Summarize{T}(Tensor{T}, Kernel, GramOptions?)"/>
    public static GramSummary<T> Summarize<T>(DeviceTensor<T> x, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        using Execution execution = Execution.Begin<T>(options, x.Device, SummarizeName);
        return Summarize(execution, x.AsMatrix(nameof(x)), kernel, options);
    }

    /// <summary>What a Gram computation will cost, before anything runs.</summary>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Rows of y; null for the symmetric matrix of x.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">Device and threads; without a device, the host.</param>
    /// <exception cref="ArgumentException">The kernel does not fit the features.</exception>
    public static GramPlanSummary Plan<T>(int rows, int? columns, int features, Kernel kernel, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        GramPlan plan = new(kernel.Compile<T>(features).Program, rows, columns ?? rows, features, features, columns is null, Element.SizeOf<T>());
        return new(
            rows, plan.Columns, features, plan.Flops, plan.InputBytes, plan.ResultBytes, WorkingBytes(plan, HostThreads(options)), plan.Tiling);
    }

    /// <summary>Threads of the host that would compute; 0 where the options name an accelerator.</summary>
    private static int HostThreads(GramOptions? options) => (options?.Device ?? HostExecution.Device).Engine.HostThreads(options?.Threads ?? 0);

    private static long WorkingBytes(in GramPlan plan, int hostThreads) => hostThreads == 0 ? plan.DeviceWorkingBytes : plan.HostWorkingBytes(hostThreads);

    private static long ConsumingBytes(in GramPlan plan, int hostThreads) => hostThreads == 0 ? plan.DeviceConsumingBytes : plan.ConsumingBytes(hostThreads);

    private static DeviceTensor<T> OnDevice<T>(DeviceTensor<T> x, DeviceTensor<T> y, bool symmetric, Kernel kernel, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixRef<T> rows = x.AsMatrix(nameof(x)), columns = y.AsMatrix(nameof(y));
        using Execution execution = Execution.Begin<T>(options, x.Device, "Gram.Compute");
        DeviceTensor<T> result = execution.Device.Allocate<T>(rows.Rows, columns.Rows);
        try
        {
            Run(execution, rows, columns, symmetric, kernel, result.AsMatrix("result"), options, rowSums: null);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static GramSummary<T> Summarize<T>(in Execution execution, MatrixRef<T> x, Kernel kernel, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = ResultTensor.Create<T>(SummarizeName, x.Rows, x.Rows);
        double[] sums = new double[x.Rows];
        TensorSpan<T> destination = result.AsTensorSpan();
        Run(execution, x, x, symmetric: true, kernel, destination.AsResult(x.Rows, x.Rows, nameof(x)), options, sums);
        double trace = 0;
        for (int i = 0; i < x.Rows; i++)
        {
            sums[i] /= x.Rows;
            trace += double.CreateChecked(result[i, i]);
        }

        return new(result, sums, sums.Length == 0 ? 0 : sums.Average(), trace);
    }

    private static void Run<T>(
        in Execution execution, MatrixRef<T> x, MatrixRef<T> y, bool symmetric, Kernel kernel, MatrixRef<T> result, GramOptions? options, double[]? rowSums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        GramPlan plan = PlanOf(x, y, symmetric, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        Grams.Compute(execution.Engine, plan, x, y, given.Operands, result, options?.NonFinite ?? NonFiniteInput.Reject, rowSums, execution.Settings);
        if (!execution.IsReported) return;
        execution.Complete<T>(plan.Tiling, plan.Flops, plan.InputBytes + plan.ResultBytes + WorkingBytes(plan, execution.HostThreads));
    }

    private static GramPlan PlanOf<T>(MatrixRef<T> x, MatrixRef<T> y, bool symmetric, Kernel kernel, out Kernel.Compiled compiled)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        compiled = kernel.Compile<T>(x.Columns);
        return new(compiled.Program, x.Rows, y.Rows, x.Columns, y.Columns, symmetric, Element.SizeOf<T>());
    }
}
