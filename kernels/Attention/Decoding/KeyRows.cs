namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>Rows of keys or values of each item and head: where strides put them, or in the pages of a cache.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct KeyRows<T>
    where T : unmanaged
{
    private readonly Strided<T> _dense;
    private readonly nint* _pages;
    private readonly int* _tables;
    private readonly int _pageRows;
    private readonly long _offset;
    private readonly long _head;

    /// <summary>Rows that strides place.</summary>
    public KeyRows(in Strided<T> dense)
    {
        _dense = dense;
        (Row, Column) = (dense.Row, dense.Column);
    }

    /// <summary>Rows in pages, a page heads x rows x width.</summary>
    /// <param name="pages">Where the pages of all items begin, item after item.</param>
    /// <param name="tables">The number of each item's first page.</param>
    /// <param name="pageRows">Rows of a page.</param>
    /// <param name="offset">Elements before the first row of a page.</param>
    /// <param name="width">Elements of a row.</param>
    public KeyRows(nint* pages, int* tables, int pageRows, long offset, int width)
    {
        _pages = pages;
        _tables = tables;
        (_pageRows, _offset, _head) = (pageRows, offset, (long)pageRows * width);
        (Row, Column) = (width, 1);
    }

    /// <summary>Elements from row to row.</summary>
    public long Row { get; }

    /// <summary>Elements from column to column.</summary>
    public long Column { get; }

    /// <summary>A row, and how many of those behind it follow at <see cref="Row"/>, itself counted.</summary>
    public T* At(int item, int head, int row, out int count)
    {
        if (_pages is null)
        {
            count = int.MaxValue;
            return _dense.At(item, head, row);
        }

        (int page, int within) = Math.DivRem(row, _pageRows);
        count = _pageRows - within;
        return (T*)_pages[_tables[item] + page] + _offset + (head * _head) + ((long)within * Row);
    }
}
