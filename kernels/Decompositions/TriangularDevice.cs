using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with lower triangles and with their transposes on an accelerator, in place, for every matrix of a batch; by halving, as <see cref="TriangularSolve{T}"/>.</summary>
/// <param name="engine">The engine; calls are on its lane.</param>
/// <param name="triangle">The first triangle: size x size, any strides.</param>
/// <param name="right">The first right-hand sides: size x width, one stride 1.</param>
/// <param name="batch">Matrices.</param>
/// <param name="triangleBatchStride">Elements from one triangle to the next.</param>
/// <param name="rightBatchStride">Elements from one matrix's right-hand sides to the next's.</param>
/// <param name="settings">How to run; cancels between launches.</param>
internal readonly struct TriangularDevice<T>(
    AcceleratorEngine engine, DeviceMatrix<T> triangle, DeviceMatrix<T> right, int batch, long triangleBatchStride, long rightBatchStride, RunSettings settings)
    where T : unmanaged
{
    /// <summary>Threads of a group, as many as it has right-hand sides.</summary>
    private const int GroupSize = TriangularLeafKernel.Chunk;

    private readonly RunSettings _settings = settings with { Progress = null };

    /// <summary>L X = B, for rows first to first + size of the system.</summary>
    public void Lower(int first, int size)
    {
        if (size <= CholeskyHost.Leaf)
        {
            SolveLeaf(first, size, isTransposed: false);
            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        Lower(first, half);
        Subtract(triangle.Range(first + half, other, first, half), first, first + half);
        Lower(first + half, other);
    }

    /// <summary>Lᵀ X = B, for rows first to first + size of the system.</summary>
    public void LowerTransposed(int first, int size)
    {
        if (size <= CholeskyHost.Leaf)
        {
            SolveLeaf(first, size, isTransposed: true);
            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        LowerTransposed(first + half, other);
        Subtract(triangle.Range(first + half, other, first, half).Transposed, first + half, first);
        LowerTransposed(first, half);
    }

    private void SolveLeaf(int first, int size, bool isTransposed)
    {
        int width = right.Columns, chunks = (width + TriangularLeafKernel.Chunk - 1) / TriangularLeafKernel.Chunk;
        int row = isTransposed ? first + size - 1 : first, sign = isTransposed ? -1 : 1;
        FactorLayout triangles = new()
        {
            Offset = triangle.Offset + (row * (triangle.RowStride + triangle.ColumnStride)),
            RowStride = sign * (isTransposed ? triangle.ColumnStride : triangle.RowStride),
            ColumnStride = sign * (isTransposed ? triangle.RowStride : triangle.ColumnStride),
            BatchStride = triangleBatchStride,
        };
        FactorLayout rights = new()
        {
            Offset = right.Offset + (row * right.RowStride),
            RowStride = sign * right.RowStride,
            ColumnStride = right.ColumnStride,
            BatchStride = rightBatchStride,
        };
        DeviceLimits limits = DeviceLimits.Of(engine);
        long groups = (long)chunks * batch;
        int atOnce = limits.GroupsPerLaunch((double)size * size * TriangularLeafKernel.Chunk);
        for (long group = 0; group < groups; group += atOnce)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            KernelConfig config = new((int)Math.Min(atOnce, groups - group), Math.Min(GroupSize, limits.MaxGroupSize));
            FactorKernels<T>.Instance.SolveLeaf(engine, config, triangle.View, right.View, triangles, rights, size, width, group, _settings.Trace);
        }
    }

    /// <summary>Rows of the right-hand sides -= block times solved rows.</summary>
    private void Subtract(DeviceMatrix<T> block, int solved, int row)
    {
        int width = right.Columns;
        DeviceMatrix<T> known = right.Range(solved, block.Columns, 0, width), rest = right.Range(row, block.Rows, 0, width);
        bool acrossRows = right.ColumnStride == 1;
        DeviceProduct<T> product = new()
        {
            X = acrossRows ? block : known.Transposed,
            Y = acrossRows ? known.Transposed : block,
            Result = acrossRows ? rest : rest.Transposed,
            Batch = batch,
            XBatchStride = acrossRows ? triangleBatchStride : rightBatchStride,
            YBatchStride = acrossRows ? rightBatchStride : triangleBatchStride,
            ResultBatchStride = rightBatchStride,
        };
        TiledProductDevice.Run<T, DotTerm<T>, ScaledSum<T>>(engine, product, new(Element.Of<T>(-1), Element.Of<T>(1)), _settings);
    }
}
