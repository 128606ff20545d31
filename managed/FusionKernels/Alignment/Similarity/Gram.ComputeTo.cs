using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>Matrices larger than memory.</content>
public static partial class Gram
{
    private const string ComputeToName = "Gram.ComputeTo";

    /// <summary>Writes the Gram matrix of the rows of x to a .npy file.</summary>
    /// <param name="path">The file; it appears, or is replaced, when it is complete.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">Device, threads, treatment of NaN, size of a block; null for the defaults.</param>
    /// <inheritdoc cref="ComputeTo{T}(string, Tensor{T}, Tensor{T}, Kernel, GramFileOptions?)"/>
    public static MatrixFileSummary ComputeTo<T>(string path, Tensor<T> x, Kernel kernel, GramFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        MatrixRef<T> rows = x.AsReadOnlyTensorSpan().AsMatrix(nameof(x));
        using Execution execution = Execution.Begin<T>(options, ComputeToName);
        return ComputeToFile(path, execution, rows, rows, symmetric: true, kernel, hash => hash.Append(x), options);
    }

    /// <summary>Writes the Gram matrix of the rows of x against the rows of y to a .npy file, block by block of rows, so that it need not fit into memory.</summary>
    /// <remarks>
    /// <para>Every block is on the disk before the next begins, in <c>path.partial</c> with a log in <c>path.partial.log</c>. After
    /// a cancellation, an error or a kill at most one block is lost: the next call for the same work goes on where this one
    /// stopped, and the bytes are those of an uninterrupted run. A call for other work starts anew and tells so in
    /// <see cref="MatrixFileSummary.Discarded"/>; a finished file is replaced only by a finished one.</para>
    /// <para>Memory: the block and a tile per thread, as <see cref="PlanTo"/> tells. Both triangles of a symmetric matrix are computed,
    /// for that costs less than to read one back from the disk; the values are those of
    /// <see cref="Compute{T}(Tensor{T}, Kernel, GramOptions?)"/>, on the host to the last bit.</para>
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file; it appears, or is replaced, when it is complete.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="kernel">The kernel; a centred one is centred by the means of y.</param>
    /// <param name="options">Device, threads, treatment of NaN, size of a block; null for the defaults.</param>
    /// <returns>What was written, and what of it an earlier call had written.</returns>
    /// <exception cref="ArgumentException">x or y as for <see cref="Compute{T}(Tensor{T}, Tensor{T}, Kernel, GramOptions?)"/>, or the size of a block is not above 0.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile; what was written can be resumed.</exception>
    /// <exception cref="IOException">The file cannot be written, the disk is full, or another call works on it; what was written can be resumed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was written can be resumed.</exception>
    public static MatrixFileSummary ComputeTo<T>(string path, Tensor<T> x, Tensor<T> y, Kernel kernel, GramFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        MatrixRef<T> rows = x.AsReadOnlyTensorSpan().AsMatrix(nameof(x)), columns = y.AsReadOnlyTensorSpan().AsMatrix(nameof(y));
        using Execution execution = Execution.Begin<T>(options, ComputeToName);
        return ComputeToFile(path, execution, rows, columns, symmetric: false, kernel, Hash, options);

        void Hash(InputHash hash)
        {
            hash.Append(x);
            hash.Append(y);
        }
    }

    /// <summary>Writes the Gram matrix of rows that live on a device to a .npy file.</summary>
    /// <inheritdoc cref="ComputeTo{T}(string, Tensor{T}, Kernel, GramFileOptions?)"/>
    public static MatrixFileSummary ComputeTo<T>(string path, DeviceTensor<T> x, Kernel kernel, GramFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        MatrixRef<T> rows = x.AsMatrix(nameof(x));
        using Execution execution = Execution.Begin<T>(options, x.Device, ComputeToName);
        return ComputeToFile(path, execution, rows, rows, symmetric: true, kernel, hash => hash.Append(x), options);
    }

    /// <summary>Writes the Gram matrix of rows that live on a device against others there to a .npy file, block by block of rows. A call on the same rows in host memory goes on with it.</summary>
    /// <exception cref="DeviceMismatchException">x and y live on different devices.</exception>
    /// <inheritdoc cref="ComputeTo{T}(string, Tensor{T}, Tensor{T}, Kernel, GramFileOptions?)"/>
    public static MatrixFileSummary ComputeTo<T>(string path, DeviceTensor<T> x, DeviceTensor<T> y, Kernel kernel, GramFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using Execution execution = Execution.Begin<T>(options, x.Device, ComputeToName);
        return ComputeToFile(path, execution, x.AsMatrix(nameof(x)), y.AsMatrix(nameof(y)), symmetric: false, kernel, Hash, options);

        void Hash(InputHash hash)
        {
            hash.Append(x);
            hash.Append(y);
        }
    }

    /// <summary>What writing a Gram matrix to a file will cost, before anything runs: <see cref="GramPlanSummary.WorkingBytes"/> of memory, <see cref="GramPlanSummary.ResultBytes"/> of disk.</summary>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Rows of y; null for the symmetric matrix of x.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">Size of a block, device and threads; null for the defaults, without a device the host.</param>
    /// <exception cref="ArgumentException">The kernel does not fit the features, or the size of a block is not above 0.</exception>
    public static GramPlanSummary PlanTo<T>(int rows, int? columns, int features, Kernel kernel, GramFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        GramPlan plan = new(kernel.Compile<T>(features).Program, rows, columns ?? rows, features, features, columns is null, Element.SizeOf<T>());
        int blockRows = BlockRows(plan, options);
        return new(
            rows, plan.Columns, features, plan.ConsumedFlops(0), plan.InputBytes, plan.ResultBytes, FileWorkingBytes(plan, blockRows, HostThreads(options)), FileTiling(plan, blockRows));
    }

    private static MatrixFileSummary ComputeToFile<T>(
        string path,
        in Execution execution,
        MatrixRef<T> x,
        MatrixRef<T> y,
        bool symmetric,
        Kernel kernel,
        Action<InputHash> hashInputs,
        GramFileOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(kernel);
        GramPlan plan = PlanOf(x, y, symmetric, kernel, out Kernel.Compiled compiled);
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        int blockRows = BlockRows(plan, options);
        NonFiniteInput nonFinite = options?.NonFinite ?? NonFiniteInput.Reject;
        using StreamedMatrix<T> file = new(path, GramFileWork.Of<T>(plan, kernel, compiled, hashInputs, blockRows, nonFinite, execution.Device.Description));
        GramRowStream.Run(execution.Engine, plan, x, y, given.Operands, nonFinite, file.ResumedRows, blockRows, file, execution.Settings);
        file.Complete();
        execution.Complete<T>(FileTiling(plan, blockRows), plan.ConsumedFlops(0), plan.InputBytes + FileWorkingBytes(plan, blockRows, execution.HostThreads));
        return new(path, plan.Rows, plan.Columns, file.ResumedRows, file.Discarded);
    }

    private static int BlockRows(in GramPlan plan, GramFileOptions? options)
    {
        long bytes = (options ?? new()).BlockBytes;
        if (bytes <= 0) throw new ArgumentException($"{nameof(GramFileOptions.BlockBytes)} is {bytes}: a block needs at least 1 byte", nameof(options));
        return GramRowStream.BlockRows(plan, bytes);
    }

    /// <summary>An accelerator has the block in its own memory, and its values one by one in no tile; the host has it once more.</summary>
    private static long FileWorkingBytes(in GramPlan plan, int blockRows, int hostThreads) =>
        ((long)blockRows * plan.Columns * plan.ElementBytes) + (hostThreads == 0 ? plan.DeviceWorkingBytes : plan.ConsumingBytes(hostThreads));

    private static string FileTiling(in GramPlan plan, int blockRows) => $"blocks of {blockRows} rows, {plan.ConsumedTiling}";
}
