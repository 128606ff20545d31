using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Multiplies each tile with a few vectors, row by row: a product would fill the rest of its panels with zeros.</summary>
/// <remarks>A row's tiles add up from left to right, in float64.</remarks>
internal readonly unsafe struct GramTimesFew<V, T> : ITileConsumer<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>The widest matrix that is multiplied so: a quarter of the panel of the widest product.</summary>
    public const int MostWidth = 8;

    private readonly int _length;
    private readonly int _width;

    // One vector after the other, on the pinned heap.
    private readonly T[] _vectors;
    private readonly double[] _sums;

    /// <summary>Copies the vectors.</summary>
    public GramTimesFew(in Operand<T> vectors, T* vectorsAt, int rows)
    {
        _length = vectors.Rows;
        _width = vectors.Columns;
        _vectors = GC.AllocateUninitializedArray<T>(_length * _width, pinned: true);
        _sums = new double[rows * _width];
        for (int w = 0; w < _width; w++)
        {
            T* source = vectorsAt + (w * vectors.ColumnStride);
            for (int j = 0; j < _length; j++) _vectors[(w * _length) + j] = source[j * vectors.RowStride];
        }
    }

    /// <inheritdoc/>
    public void Accept(int row, int rows, int column, int columns, T* tile, int stride)
    {
        fixed (T* vectors = _vectors)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int w = 0; w < _width; w++)
                {
                    T* vector = vectors + ((long)w * _length) + column;
                    _sums[((row + r) * _width) + w] += RowProducts<V, T>.Dot(tile + ((long)r * stride), vector, columns);
                }
            }
        }
    }

    /// <summary>Rounds the sums to their place.</summary>
    public void Store(in Operand<T> result, T* resultAt)
    {
        for (int i = 0; i < result.Rows; i++)
        {
            for (int w = 0; w < _width; w++) resultAt[(i * result.RowStride) + w] = Element.Of<T>(_sums[(i * _width) + w]);
        }
    }
}
