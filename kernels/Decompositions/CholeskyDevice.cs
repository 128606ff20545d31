using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = L Lᵀ on an accelerator, in place, for every matrix of a batch; by halving, as <see cref="CholeskyHost"/>.</summary>
/// <param name="engine">The engine; calls are on its lane.</param>
/// <param name="matrix">The first matrix: size x size, columns consecutive, both halves filled.</param>
/// <param name="batch">Matrices.</param>
/// <param name="batchStride">Elements from one matrix to the next.</param>
/// <param name="failed">By matrix: -1; receives the first pivot that failed.</param>
/// <param name="pivots">By matrix: receives the value of that pivot.</param>
/// <param name="settings">How to run; cancels between launches.</param>
internal readonly struct CholeskyDevice<T>(
    AcceleratorEngine engine, DeviceMatrix<T> matrix, int batch, long batchStride, ArrayView<int> failed, ArrayView<T> pivots, RunSettings settings)
    where T : unmanaged
{
    /// <summary>Threads of a group: four per row of a leaf.</summary>
    private const int GroupSize = 128;

    private readonly RunSettings _inner = settings with { Progress = null };

    /// <summary>How it runs, in words.</summary>
    public static string Tiling(int batch, int size) => batch > 1 || size <= CholeskyHost.Leaf
        ? $"{batch} x {size}: a group per block of {CholeskyHost.Leaf}, products batched, for many matrices or one block"
        : $"{size}: blocks of {CholeskyHost.Leaf} in shared memory, halving on the products, for one matrix of more than a block";

    /// <summary>Factors the whole; launches only, whatever fails is told by <c>failed</c>.</summary>
    public void Factor()
    {
        if (matrix.Rows > 0) Factor(0, matrix.Rows);
        settings.Progress?.Report(1);
    }

    private void Factor(int first, int size)
    {
        _inner.Cancellation.ThrowIfCancellationRequested();
        if (size <= CholeskyHost.Leaf)
        {
            FactorLeaf(first, size);
            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        Factor(first, half);
        DeviceMatrix<T> panel = matrix.Range(first + half, other, first, half);
        new TriangularDevice<T>(engine, matrix.Range(first, half, first, half), panel.Transposed, batch, batchStride, batchStride, _inner).Lower(0, half);
        DeviceProduct<T> product = new()
        {
            X = panel,
            Y = panel,
            Result = matrix.Range(first + half, other, first + half, other),
            Batch = batch,
            XBatchStride = batchStride,
            YBatchStride = batchStride,
            ResultBatchStride = batchStride,
            IsSymmetric = true,
        };
        TiledProductDevice.Run<T, DotTerm<T>, ScaledSum<T>>(engine, product, new(Element.Of<T>(-1), Element.Of<T>(1)), _inner);
        Factor(first + half, other);
    }

    private void FactorLeaf(int first, int size)
    {
        FactorLayout layout = new()
        {
            Offset = matrix.Offset + (first * (matrix.RowStride + matrix.ColumnStride)),
            RowStride = matrix.RowStride,
            ColumnStride = matrix.ColumnStride,
            BatchStride = batchStride,
        };
        DeviceLimits limits = DeviceLimits.Of(engine);
        int atOnce = limits.GroupsPerLaunch((double)size * size * size);
        for (int item = 0; item < batch; item += atOnce)
        {
            int count = Math.Min(atOnce, batch - item);
            FactorLayout part = layout;
            part.Offset += item * batchStride;
            KernelConfig config = new(count, Math.Min(GroupSize, limits.MaxGroupSize));
            FactorKernels<T>.Instance.FactorLeaf(
                engine, config, matrix.View, failed.SubView(item, count), pivots.SubView(item, count), part, size, first, _inner.Trace);
        }
    }
}
