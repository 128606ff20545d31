using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>
/// Keys and values of several sequences in pages of a fixed number of rows: a sequence grows by whole pages, wherever they lie.
/// A page is key heads x rows x width, and then key heads x rows x value width.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class KeyValuePages<T> : IDisposable
    where T : unmanaged
{
    private readonly List<int>[] _tables;
    private readonly Stack<int> _free = [];
    private readonly int[] _lengths;
    private int _count;

    /// <summary>An empty cache.</summary>
    protected KeyValuePages(int sequences, int heads, int width, int valueWidth, int pageRows)
    {
        (Heads, Width, ValueWidth, PageRows) = (heads, width, valueWidth, pageRows);
        PageElements = checked(heads * pageRows * (width + valueWidth));
        _tables = new List<int>[sequences];
        for (int i = 0; i < sequences; i++) _tables[i] = [];
        _lengths = new int[sequences];
    }

    /// <summary>Key heads.</summary>
    public int Heads { get; }

    /// <summary>Features of a key.</summary>
    public int Width { get; }

    /// <summary>Features of a value.</summary>
    public int ValueWidth { get; }

    /// <summary>Rows of a page.</summary>
    public int PageRows { get; }

    /// <summary>Elements of a page.</summary>
    public int PageElements { get; }

    /// <summary>Rows of each sequence.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Pages that hold rows.</summary>
    public int UsedPages => _tables.Sum(table => table.Count);

    /// <summary>Bytes of all pages, those that wait for rows included.</summary>
    public abstract long Bytes { get; }

    /// <summary>Adds rows to the end of consecutive sequences; where that fails the cache is as before.</summary>
    /// <param name="first">The first sequence, that of item 0 of the operands.</param>
    /// <param name="count">Sequences.</param>
    /// <param name="source">Keys and values.</param>
    /// <param name="rows">Rows to add to each.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">An element of what lies on a device is not finite.</exception>
    public void Append(int first, int count, in KeyValueSource<T> source, int rows, in RunSettings settings)
    {
        if (rows == 0 || count == 0) return;
        try
        {
            Reserve(first, count, rows);
            Write(first, count, source, rows, settings);
            for (int sequence = first; sequence < first + count; sequence++) _lengths[sequence] += rows;
        }
        catch
        {
            for (int sequence = first; sequence < first + count; sequence++) Truncate(sequence, _lengths[sequence]);
            throw;
        }
    }

    /// <summary>Forgets the rows of a sequence from some length on; pages without any wait for others.</summary>
    public void Truncate(int sequence, int length)
    {
        _lengths[sequence] = Math.Min(_lengths[sequence], length);
        List<int> table = _tables[sequence];
        int needed = PagesFor(_lengths[sequence]);
        while (table.Count > needed)
        {
            _free.Push(table[^1]);
            table.RemoveAt(table.Count - 1);
        }
    }

    /// <summary>The numbers of the pages of all sequences, sequence after sequence.</summary>
    /// <param name="tables">Receives where each sequence's begin.</param>
    public int[] Numbers(out int[] tables)
    {
        tables = new int[_tables.Length];
        for (int sequence = 1; sequence < _tables.Length; sequence++) tables[sequence] = tables[sequence - 1] + _tables[sequence - 1].Count;
        return [.. _tables.SelectMany(table => table)];
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Makes room for so many pages; those that are there stay what they are.</summary>
    protected abstract void Grow(int pages);

    /// <summary>Writes rows behind the last ones of consecutive sequences, into pages that are there.</summary>
    protected abstract void Write(int first, int count, in KeyValueSource<T> source, int rows, in RunSettings settings);

    /// <summary>The page of a sequence's row.</summary>
    protected int PageOf(int sequence, int row) => _tables[sequence][row / PageRows];

    private void Reserve(int first, int count, int rows)
    {
        for (int sequence = first; sequence < first + count; sequence++)
        {
            int needed = PagesFor((long)_lengths[sequence] + rows);
            while (_tables[sequence].Count < needed) _tables[sequence].Add(_free.TryPop(out int free) ? free : _count++);
        }

        Grow(_count);
    }

    private int PagesFor(long rows) => (int)((rows + PageRows - 1) / PageRows);
}
