using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A dense float64 matrix of the host, row-major: what covariances and small solves are made of.</summary>
internal sealed class DenseMatrix
{
    /// <summary>A matrix of zeros.</summary>
    public DenseMatrix(int rows, int columns)
        : this(rows, columns, new double[checked(rows * columns)])
    {
    }

    /// <summary>A matrix over elements that lie row by row.</summary>
    public DenseMatrix(int rows, int columns, double[] elements)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements.Length, checked(rows * columns), nameof(elements));
        (Rows, Columns, Elements) = (rows, columns, elements);
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>The elements, row by row.</summary>
    public double[] Elements { get; }

    /// <summary>The matrix as kernels take it.</summary>
    public MatrixRef<double> Ref => MatrixRef<double>.Of(Elements, Rows, Columns);

    /// <summary>One element.</summary>
    public ref double this[int row, int column] => ref Elements[(row * Columns) + column];

    /// <summary>Ones on the diagonal.</summary>
    public static DenseMatrix Identity(int size)
    {
        DenseMatrix result = new(size, size);
        for (int i = 0; i < size; i++) result[i, i] = 1;
        return result;
    }

    /// <summary>A copy of a strided matrix of the host, widened.</summary>
    public static unsafe DenseMatrix Of<T>(MatrixRef<T> source)
        where T : unmanaged
    {
        DenseMatrix result = new(source.Rows, source.Columns);
        fixed (T* values = source)
        {
            for (int i = 0; i < result.Rows; i++)
            {
                T* row = values + (i * source.RowStride);
                for (int j = 0; j < result.Columns; j++) result[i, j] = Element.ToDouble(row[j * source.ColumnStride]);
            }
        }

        return result;
    }

    /// <summary>One row.</summary>
    public Span<double> Row(int row) => Elements.AsSpan(row * Columns, Columns);

    /// <summary>A copy of one column.</summary>
    public double[] Column(int column)
    {
        double[] result = new double[Rows];
        for (int i = 0; i < Rows; i++) result[i] = this[i, column];
        return result;
    }

    /// <summary>A copy of a rectangle.</summary>
    public DenseMatrix Part(int row, int rows, int column, int columns)
    {
        DenseMatrix result = new(rows, columns);
        for (int i = 0; i < rows; i++) Row(row + i).Slice(column, columns).CopyTo(result.Row(i));
        return result;
    }

    /// <summary>A copy of the first columns.</summary>
    public DenseMatrix FirstColumns(int columns) => Part(0, Rows, 0, columns);

    /// <summary>A copy.</summary>
    public DenseMatrix Copy() => new(Rows, Columns, (double[])Elements.Clone());

    /// <summary>A copy with rows and columns exchanged.</summary>
    public DenseMatrix Transposed()
    {
        DenseMatrix result = new(Columns, Rows);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++) result[j, i] = this[i, j];
        }

        return result;
    }
}
