using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>What the rotations of a step do to rows: one batch of products.</summary>
internal static class BlockProducts
{
    /// <summary>target = Wᵀ source for each pair of blocks of rows.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rotations">The W of each pair, one after another.</param>
    /// <param name="source">Rows as they are.</param>
    /// <param name="target">Rows as they become; not the source's memory.</param>
    /// <param name="first">The first row of the first pair.</param>
    /// <param name="width">Rows of a pair.</param>
    /// <param name="pairs">Pairs.</param>
    /// <param name="settings">How to run.</param>
    public static void Rows<T>(
        AcceleratorEngine engine,
        in DeviceMatrix<T> rotations,
        in DeviceMatrix<T> source,
        in DeviceMatrix<T> target,
        int first,
        int width,
        int pairs,
        in RunSettings settings)
        where T : unmanaged => TiledProductDevice.Run<T, DotTerm<T>, Scaled<T>>(
            engine,
            new()
            {
                X = rotations.As(width, width, 1, width),
                XBatchStride = (long)width * width,
                Y = source.Range(first, width, 0, source.Columns).Transposed,
                YBatchStride = width * source.RowStride,
                Result = target.Range(first, width, 0, target.Columns),
                ResultBatchStride = width * target.RowStride,
                Batch = pairs,
            },
            new Scaled<T>(Element.Of<T>(1)),
            settings);
}
