using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The vectors that one centring or normalising step reads, on the pinned heap.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class GramMeans<T>
    where T : unmanaged
{
    private readonly T[] _rows;
    private readonly T[] _columns;
    private readonly double _mean;

    /// <summary>Keeps the vectors.</summary>
    /// <param name="rows">Per row: the mean of its values, or 1 / sqrt(k(x, x)).</param>
    /// <param name="columns">Per column, the same over the columns' set.</param>
    /// <param name="mean">The mean of the columns' set; 0 for normalising.</param>
    public GramMeans(ReadOnlySpan<double> rows, ReadOnlySpan<double> columns, double mean)
    {
        _rows = Pinned(rows);
        _columns = Pinned(columns);
        _mean = mean;
    }

    /// <summary>One value per row.</summary>
    public T* Rows => (T*)Unsafe.AsPointer(ref _rows[0]);

    /// <summary>One value per column.</summary>
    public T* Columns => (T*)Unsafe.AsPointer(ref _columns[0]);

    /// <summary>The mean of the columns' set.</summary>
    public double Mean => _mean;

    /// <summary>One value per row.</summary>
    public T[] RowVector => _rows;

    /// <summary>One value per column.</summary>
    public T[] ColumnVector => _columns;

    /// <summary>The mean of one row's values over the columns' set.</summary>
    public double RowMean(int row) => Element.ToDouble(_rows[row]);

    private static T[] Pinned(ReadOnlySpan<double> values)
    {
        T[] pinned = GC.AllocateUninitializedArray<T>(Math.Max(1, values.Length), pinned: true);
        for (int i = 0; i < values.Length; i++) pinned[i] = Element.Of<T>(values[i]);
        return pinned;
    }
}
