namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>
/// Keys and values of several sequences in pages of a fixed number of rows: a sequence grows by whole pages, wherever they lie,
/// and nothing is moved. A page is key heads x rows x width, and then key heads x rows x value width.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class KeyValuePages<T>
    where T : unmanaged
{
    private readonly List<T[]>[] _tables;
    private readonly Stack<T[]> _free = [];
    private readonly int[] _lengths;

    /// <summary>An empty cache.</summary>
    public KeyValuePages(int sequences, int heads, int width, int valueWidth, int pageRows)
    {
        (Heads, Width, ValueWidth, PageRows) = (heads, width, valueWidth, pageRows);
        PageElements = checked(heads * pageRows * (width + valueWidth));
        _tables = new List<T[]>[sequences];
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

    /// <summary>Pages that were given back and wait for rows.</summary>
    public int FreePages => _free.Count;

    /// <summary>Adds rows to the end of one sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="item">Item of the operands.</param>
    /// <param name="keys">Keys: items, heads, rows, width.</param>
    /// <param name="values">Values, likewise.</param>
    /// <param name="rows">Rows to add.</param>
    public void Append(int sequence, int item, in StridedRef<T> keys, in StridedRef<T> values, int rows)
    {
        fixed (T* key = keys, value = values)
        {
            Strided<T> keyRows = keys.At(key), valueRows = values.At(value);
            List<T[]> table = _tables[sequence];
            for (int row = 0; row < rows; row++)
            {
                (int page, int within) = Math.DivRem(_lengths[sequence], PageRows);
                if (page == table.Count) table.Add(_free.TryPop(out T[]? free) ? free : GC.AllocateUninitializedArray<T>(PageElements, pinned: true));
                Span<T> elements = table[page];
                for (int head = 0; head < Heads; head++)
                {
                    Copy(keyRows.At(item, head, row), keyRows.Column, elements.Slice(((head * PageRows) + within) * Width, Width));
                    Copy(valueRows.At(item, head, row), valueRows.Column, elements.Slice((Heads * PageRows * Width) + (((head * PageRows) + within) * ValueWidth), ValueWidth));
                }

                _lengths[sequence]++;
            }
        }
    }

    /// <summary>Forgets the rows of a sequence from some length on; pages without any wait for others.</summary>
    public void Truncate(int sequence, int length)
    {
        _lengths[sequence] = Math.Min(_lengths[sequence], length);
        List<T[]> table = _tables[sequence];
        int needed = (int)(((long)_lengths[sequence] + PageRows - 1) / PageRows);
        while (table.Count > needed)
        {
            _free.Push(table[^1]);
            table.RemoveAt(table.Count - 1);
        }
    }

    /// <summary>Where the pages of all sequences begin, sequence after sequence; they are pinned as long as they live.</summary>
    /// <param name="tables">Receives the number of each sequence's first page.</param>
    public nint[] PageAddresses(out int[] tables)
    {
        nint[] addresses = new nint[UsedPages];
        tables = new int[_tables.Length];
        int count = 0;
        for (int sequence = 0; sequence < _tables.Length; sequence++)
        {
            tables[sequence] = count;
            foreach (T[] page in _tables[sequence]) addresses[count++] = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref page[0]);
        }

        return addresses;
    }

    private static void Copy(T* from, long step, Span<T> to)
    {
        if (step == 1) new ReadOnlySpan<T>(from, to.Length).CopyTo(to);
        else for (int d = 0; d < to.Length; d++) to[d] = from[d * step];
    }
}
