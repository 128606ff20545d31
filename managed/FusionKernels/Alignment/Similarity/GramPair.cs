using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Two Gram matrices of the same rows, read together in blocks of rows; those that are not given are never stored.</summary>
/// <typeparam name="T">The element.</typeparam>
internal static class GramPair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of a block of rows: as much as keeps an accelerator busy.</summary>
    private const long BlockBytes = 64L << 20;

    /// <summary>The sums of two matrices of rows and kernels.</summary>
    /// <exception cref="ArgumentException">Rows differ in number, or are fewer than are needed.</exception>
    public static GramPairSums Of(Tensor<T> x, Kernel kernelX, Tensor<T> y, Kernel kernelY, int leastRows, ExecutionOptions? options, string operation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(kernelX);
        ArgumentNullException.ThrowIfNull(kernelY);
        int rows = Require(x, y, leastRows, operation);
        GramOptions inner = GramColumns<T>.Options(options);
        int blockRows = (int)Math.Min(rows, Math.Max(64, BlockBytes / Element.SizeOf<T>() / rows));
        T[] left = new T[blockRows * (long)rows], right = new T[left.Length];
        return Add(rows, blockRows, options, operation, (row, count, sums, settings) =>
        {
            TensorSpan<T> blockX = new(left, [count, rows]), blockY = new(right, [count, rows]);
            NRange[] range = [new(row, row + count), NRange.All];
            Gram.Compute(x.Slice(range).AsReadOnlyTensorSpan(), x.AsReadOnlyTensorSpan(), kernelX, blockX, inner);
            Gram.Compute(y.Slice(range).AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), kernelY, blockY, inner);
            sums.Add(row, MatrixRef<T>.Of(left, count, rows), MatrixRef<T>.Of(right, count, rows), settings);
        });
    }

    /// <summary>The sums of two matrices that are there.</summary>
    /// <exception cref="ArgumentException">A matrix is not square, they differ in size, or rows are fewer than are needed.</exception>
    public static GramPairSums Of(Tensor<T> gramX, Tensor<T> gramY, int leastRows, ExecutionOptions? options, string operation)
    {
        ArgumentNullException.ThrowIfNull(gramX);
        ArgumentNullException.ThrowIfNull(gramY);
        int rows = Require(gramX, gramY, leastRows, operation);
        RequireSquare(gramX, nameof(gramX));
        RequireSquare(gramY, nameof(gramY));
        int blockRows = (int)Math.Min(rows, Math.Max(64, BlockBytes / Element.SizeOf<T>() / rows));
        return Add(rows, blockRows, options, operation, (row, count, sums, settings) =>
        {
            NRange[] range = [new(row, row + count), NRange.All];
            Tensor<T> left = gramX.Slice(range), right = gramY.Slice(range);
            sums.Add(row, left.AsReadOnlyTensorSpan().AsMatrix(nameof(gramX)), right.AsReadOnlyTensorSpan().AsMatrix(nameof(gramY)), settings);
        });
    }

    /// <summary>Tells what ran: both matrices, a block of rows at a time.</summary>
    public static void Complete(in Execution execution, Tensor<T> x, Tensor<T> y, bool hasKernel)
    {
        double rows = x.Lengths[0], features = hasKernel ? x.Lengths[1] + (double)y.Lengths[1] : 0;
        long blocks = Math.Min(2 * BlockBytes, (long)(2 * Element.SizeOf<T>() * rows * rows));
        execution.CompleteWhole<T>(
            hasKernel ? $"kernel values on {execution.Device.Description.Name}, a block of rows at a time, sums in float64 on the host" : "sums of the given matrices in float64", 2 * rows * rows * (features + 3), hasKernel ? blocks : 0);
    }

    private static GramPairSums Add(
        int rows, int blockRows, ExecutionOptions? options, string operation, Action<int, int, GramPairSums, RunSettings> add)
    {
        HostEngine engine = HostExecution.EngineBeside(options);
        RunSettings settings = HostExecution.Settings(options, operation);
        GramPairSums sums = new(engine, rows);
        for (int row = 0; row < rows; row += blockRows)
        {
            int count = Math.Min(blockRows, rows - row);
            add(row, count, sums, settings);
            settings.Progress?.Report((row + count) / (double)rows);
        }

        return sums;
    }

    private static int Require(Tensor<T> x, Tensor<T> y, int leastRows, string operation)
    {
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{operation}: kernels compute in float and double; convert the {typeof(T).Name} tensors first");
        RequireMatrix(x, nameof(x));
        RequireMatrix(y, nameof(y));
        if (x.Lengths[0] != y.Lengths[0]) throw new ArgumentException($"x has {x.Lengths[0]} rows, y has {y.Lengths[0]}: row i of both must be the same thing", nameof(y));
        if (x.Lengths[0] < leastRows) throw new ArgumentException($"x has {x.Lengths[0]} rows; {leastRows} at least are needed", nameof(x));
        return checked((int)x.Lengths[0]);
    }

    private static void RequireMatrix(Tensor<T> tensor, string name)
    {
        if (tensor.Rank != 2) throw new ArgumentException($"'{name}' is {Shape.Of(tensor.Lengths)}; a matrix (rows x columns) is needed", name);
    }

    private static void RequireSquare(Tensor<T> gram, string name)
    {
        if (gram.Lengths[0] != gram.Lengths[1]) throw new ArgumentException($"'{name}' is {Shape.Of(gram.Lengths)}; the Gram matrix of the rows with themselves is square", name);
    }
}
