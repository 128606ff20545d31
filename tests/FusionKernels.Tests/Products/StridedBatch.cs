using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Tests.Products;

/// <summary>How the matrices of a batch lie in memory.</summary>
public enum StridedLayout
{
    /// <summary>Row after row, the length a multiple of four where the row's is.</summary>
    RowMajor,

    /// <summary>Row after row with a gap of odd length, from an odd offset.</summary>
    Odd,

    /// <summary>Column after column.</summary>
    Transposed,

    /// <summary>Column after column with a gap of odd length.</summary>
    OddTransposed,
}

/// <summary>A batch of random matrices in strided memory whose gaps hold NaN.</summary>
internal sealed class StridedBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _offset;

    public StridedBatch(int rows, int columns, StridedLayout layout, int seed, int batch = 1, double low = -1)
    {
        (Rows, Columns, Batch) = (rows, columns, batch);
        bool odd = layout is StridedLayout.Odd or StridedLayout.OddTransposed;
        bool transposed = layout is StridedLayout.Transposed or StridedLayout.OddTransposed;
        (int lines, int length) = transposed ? (columns, rows) : (rows, columns);
        long pitch = odd ? length + 3 - (length % 2) : length;
        _offset = odd ? 5 : 0;
        (RowStride, ColumnStride) = transposed ? (1L, pitch) : (pitch, 1L);
        BatchStride = (pitch * lines) + (odd ? 1 : 0);
        Elements = new T[_offset + (BatchStride * batch) + 3];
        Array.Fill(Elements, T.NaN);
        Random random = new(seed);
        for (int matrix = 0; matrix < batch; matrix++)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    this[matrix, row, column] = T.CreateChecked(low + ((1 - low) * random.NextDouble()));
                }
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Batch { get; }

    public long RowStride { get; }

    public long ColumnStride { get; }

    public long BatchStride { get; }

    public T[] Elements { get; }

    public T this[int matrix, int row, int column]
    {
        get => Elements[Index(matrix, row, column)];
        set => Elements[Index(matrix, row, column)] = value;
    }

    /// <summary>A copy in a device's memory.</summary>
    public DeviceBuffer<T> Upload(Engine engine)
    {
        DeviceBuffer<T> buffer = engine.Allocate<T>(Elements.Length, "test");
        engine.Upload<T>(Elements, buffer, 0);
        return buffer;
    }

    /// <summary>What a device's memory holds.</summary>
    public void Download(DeviceBuffer<T> buffer) => buffer.Engine.Download(buffer, 0, Elements);

    /// <summary>The first matrix, in a device's memory.</summary>
    public unsafe Operand<T> In(DeviceBuffer<T> buffer) => new(null, buffer, _offset, Rows, Columns, RowStride, ColumnStride);

    /// <summary>The first matrix, in pinned host memory.</summary>
    public unsafe Operand<T> At(T* elements) => new(elements + _offset, null, 0, Rows, Columns, RowStride, ColumnStride);

    /// <summary>The gaps that no longer hold NaN.</summary>
    public int DamagedGaps()
    {
        HashSet<long> used = [];
        for (int matrix = 0; matrix < Batch; matrix++)
        {
            for (int row = 0; row < Rows; row++)
            {
                for (int column = 0; column < Columns; column++) used.Add(Index(matrix, row, column));
            }
        }

        return Elements.Where((element, index) => !used.Contains(index) && !T.IsNaN(element)).Count();
    }

    private long Index(int matrix, int row, int column) => _offset + (matrix * BatchStride) + (row * RowStride) + (column * ColumnStride);
}
