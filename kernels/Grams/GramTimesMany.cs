using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Multiplies each tile with a wide matrix as one small product; a row's tiles add up from left to right, so that bits do not depend on threads.</summary>
internal readonly unsafe struct GramTimesMany<V, T>(HostEngine engine, Operand<T> vectors, T* vectorsAt, Operand<T> result, T* resultAt)
    : ITileConsumer<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public void Accept(int row, int rows, int column, int columns, T* tile, int stride)
    {
        TiledProduct<T> product = new()
        {
            X = tile,
            XRowStride = stride,
            XFeatureStride = 1,
            Y = vectorsAt + (column * vectors.RowStride),
            YRowStride = vectors.ColumnStride,
            YFeatureStride = vectors.RowStride,
            Rows = rows,
            Columns = vectors.Columns,
            Depth = columns,
            Result = resultAt + (row * result.RowStride),
            ResultStride = result.RowStride,
        };
        RunSettings serial = new("Gram", Threads: 1);
        T one = Element.Of<T>(1);
        if (column == 0) new TiledProductHost<V, T, DotTerm<T>, Scaled<T>>(product, new(one)).Run(engine, serial);
        else new TiledProductHost<V, T, DotTerm<T>, ScaledSum<T>>(product, new(one, one)).Run(engine, serial);
    }
}
