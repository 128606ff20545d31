using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>The most similar rows.</content>
public static partial class Gram
{
    private const string NeighboursName = "Gram.Neighbours";

    /// <summary>The most similar other rows of x for every row of x, without storing the matrix.</summary>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="count">Neighbours of each row, 0 or more, at most as many as there are.</param>
    /// <param name="includeSelf">Whether a row may be its own neighbour.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <inheritdoc cref="Neighbours{T}(Tensor{T}, Tensor{T}, Kernel, int, GramOptions?)"/>
    public static GramNeighbours<T> Neighbours<T>(Tensor<T> x, Kernel kernel, int count, bool includeSelf = false, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        MatrixRef<T> rows = x.AsReadOnlyTensorSpan().AsMatrix(nameof(x));
        using Execution execution = Execution.Begin<T>(options, NeighboursName);
        return Neighbours(execution, rows, rows, symmetric: true, kernel, count, excludeSelf: !includeSelf, options);
    }

    /// <summary>The most similar rows of y for every row of x, without storing the matrix.</summary>
    /// <remarks>
    /// By similarity in descending order, equal ones by their place in y. A NaN, possible with
    /// <see cref="NonFiniteInput.Propagate"/>, is no neighbour. Cost: the Gram matrix, and little more while count is small.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="count">Neighbours of each row, 0 to the rows of y.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>Indices and similarities, rows x count.</returns>
    /// <exception cref="ArgumentOutOfRangeException">count is negative or more than the candidates.</exception>
    /// <exception cref="ArgumentException">x or y as for <see cref="Compute{T}(Tensor{T}, Tensor{T}, Kernel, GramOptions?)"/>.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GramNeighbours<T> Neighbours<T>(Tensor<T> x, Tensor<T> y, Kernel kernel, int count, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using Execution execution = Execution.Begin<T>(options, NeighboursName);
        return Neighbours(
            execution,
            x.AsReadOnlyTensorSpan().AsMatrix(nameof(x)),
            y.AsReadOnlyTensorSpan().AsMatrix(nameof(y)),
            symmetric: false,
            kernel,
            count,
            excludeSelf: false,
            options);
    }

    /// <summary>The most similar other rows of x for every row of x, of rows that live on a device.</summary>
    /// <inheritdoc cref="Neighbours{T}(Tensor{T}, Kernel, int, bool, GramOptions?)"/>
    public static GramNeighbours<T> Neighbours<T>(DeviceTensor<T> x, Kernel kernel, int count, bool includeSelf = false, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        MatrixRef<T> rows = x.AsMatrix(nameof(x));
        using Execution execution = Execution.Begin<T>(options, x.Device, NeighboursName);
        return Neighbours(execution, rows, rows, symmetric: true, kernel, count, excludeSelf: !includeSelf, options);
    }

    /// <summary>The most similar rows of y for every row of x, of rows that live on a device.</summary>
    /// <exception cref="DeviceMismatchException">x and y live on different devices.</exception>
    /// <inheritdoc cref="Neighbours{T}(Tensor{T}, Tensor{T}, Kernel, int, GramOptions?)"/>
    public static GramNeighbours<T> Neighbours<T>(DeviceTensor<T> x, DeviceTensor<T> y, Kernel kernel, int count, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using Execution execution = Execution.Begin<T>(options, x.Device, NeighboursName);
        return Neighbours(
            execution, x.AsMatrix(nameof(x)), y.AsMatrix(nameof(y)), symmetric: false, kernel, count, excludeSelf: false, options);
    }

    private static GramNeighbours<T> Neighbours<T>(
        in Execution execution, MatrixRef<T> x, MatrixRef<T> y, bool symmetric, Kernel kernel, int count, bool excludeSelf, GramOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        int candidates = Math.Max(0, y.Rows - (excludeSelf ? 1 : 0));
        if (count < 0 || count > candidates)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"a row has {candidates} candidates{(excludeSelf ? ", itself excluded" : "")}: ask for 0 to {candidates} neighbours");
        }

        GramPlan plan = PlanOf(x, y, symmetric, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        int[] indices = HostArray.Create<int>(execution.Settings.Operation, plan.Rows, count);
        T[] values = HostArray.Create<T>(execution.Settings.Operation, plan.Rows, count);
        GramNearest.Find(
            execution.Engine, plan, x, y, given.Operands, options?.NonFinite ?? NonFiniteInput.Reject, count, excludeSelf, indices, values, execution.Settings);
        long bytes = (long)indices.Length * (sizeof(int) + plan.ElementBytes);
        execution.Complete<T>(plan.ConsumedTiling, plan.ConsumedFlops(1), plan.InputBytes + bytes + ConsumingBytes(plan, execution.HostThreads));
        return new(Tensor.Create(indices, [plan.Rows, count]), Tensor.Create(values, [plan.Rows, count]));
    }
}
