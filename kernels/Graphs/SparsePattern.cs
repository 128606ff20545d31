using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Which elements of a sparse matrix are stored, row by row with ascending columns; what its transposed product reads is made once, when it is first asked for. Immutable.</summary>
/// <remarks>Arrays on the pinned heap: operands point into them, and whoever runs a call keeps the pattern alive.</remarks>
internal sealed unsafe class SparsePattern : ISparsePattern
{
    private readonly int[] _starts;
    private readonly int[] _indices;
    private readonly Lazy<(int[] Starts, int[] Indices, int[] Places)> _byColumns;
    private readonly Lazy<int[]> _owners;
    private readonly Lazy<int[]> _numbers;

    private SparsePattern(int rows, int columns, int[] starts, int[] indices)
    {
        (Rows, Columns, _starts, _indices) = (rows, columns, starts, indices);
        _byColumns = new(SortByColumns);
        _owners = new(FindOwners);
        _numbers = new(() => Pinned([.. Enumerable.Range(0, Entries)]));
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <inheritdoc/>
    public int Entries => _indices.Length;

    /// <inheritdoc/>
    public int LongestRow
    {
        get
        {
            int longest = 0;
            for (int row = 0; row < Rows; row++) longest = Math.Max(longest, _starts[row + 1] - _starts[row]);
            return longest;
        }
    }

    /// <summary>By row: its first entry; one more for the end.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>By entry: its column.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>By entry: its row.</summary>
    public ReadOnlySpan<int> Owners => _owners.Value;

    /// <summary>By column: its first entry in <see cref="Places"/>; one more for the end.</summary>
    public ReadOnlySpan<int> ColumnStarts => _byColumns.Value.Starts;

    /// <summary>The entries in the order of columns, then rows.</summary>
    public ReadOnlySpan<int> Places => _byColumns.Value.Places;

    /// <inheritdoc/>
    public PatternOperand ByRows => new(Rows, Columns, At(_starts), At(_indices), default, At(_owners.Value));

    /// <inheritdoc/>
    public PatternOperand ByColumns => new(Columns, Rows, At(_byColumns.Value.Starts), At(_byColumns.Value.Indices), At(_byColumns.Value.Places), default);

    /// <inheritdoc/>
    public PatternOperand EntriesOfRows => new(Rows, Entries, At(_starts), At(_numbers.Value), default, default);

    /// <inheritdoc/>
    public PatternOperand EntriesOfColumns => new(Columns, Entries, At(_byColumns.Value.Starts), At(_byColumns.Value.Places), default, default);

    /// <summary>Checks and copies a pattern.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="starts">By row its first entry, and the end: rows + 1, ascending from 0.</param>
    /// <param name="indices">By entry its column, ascending within a row, each once.</param>
    /// <exception cref="ArgumentException">The pattern is not as said; the row is named.</exception>
    public static SparsePattern Of(int rows, int columns, ReadOnlySpan<int> starts, ReadOnlySpan<int> indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (starts.Length != rows + 1) throw new ArgumentException($"a matrix of {rows} rows has {rows + 1} starts, the last being the end; {starts.Length} were given", nameof(starts));
        if (starts[0] != 0 || starts[rows] != indices.Length)
        {
            throw new ArgumentException($"starts run from {starts[0]} to {starts[rows]}: they must run from 0 to the {indices.Length} entries", nameof(starts));
        }

        for (int row = 0; row < rows; row++)
        {
            int first = starts[row], end = starts[row + 1];
            if (end < first || end > indices.Length) throw new ArgumentException($"row {row} runs from entry {first} to {end} of {indices.Length}: starts must ascend", nameof(starts));
            for (int entry = first; entry < end; entry++)
            {
                if ((uint)indices[entry] >= (uint)columns) throw new ArgumentException($"row {row} has column {indices[entry]}: columns are 0 to {columns - 1}", nameof(indices));
                if (entry > first && indices[entry] <= indices[entry - 1])
                {
                    throw new ArgumentException($"row {row} has column {indices[entry]} after {indices[entry - 1]}: columns ascend, each once", nameof(indices));
                }
            }
        }

        return new(rows, columns, Pinned(starts), Pinned(indices));
    }

    private static int[] Pinned(ReadOnlySpan<int> values)
    {
        int[] copy = GC.AllocateUninitializedArray<int>(values.Length, pinned: true);
        values.CopyTo(copy);
        return copy;
    }

    private static Operand<int> At(int[] array) => new((int*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), null, 0, 1, array.Length, array.Length, 1);

    private int[] FindOwners()
    {
        int[] owners = GC.AllocateUninitializedArray<int>(Entries, pinned: true);
        for (int row = 0; row < Rows; row++) owners.AsSpan(_starts[row].._starts[row + 1]).Fill(row);
        return owners;
    }

    /// <summary>Counts, sums up, places: rows come in order, so those of a column ascend.</summary>
    private (int[] Starts, int[] Indices, int[] Places) SortByColumns()
    {
        int[] starts = GC.AllocateArray<int>(Columns + 1, pinned: true);
        int[] indices = GC.AllocateUninitializedArray<int>(Entries, pinned: true), places = GC.AllocateUninitializedArray<int>(Entries, pinned: true);
        foreach (int column in _indices) starts[column + 1]++;
        for (int column = 0; column < Columns; column++) starts[column + 1] += starts[column];
        int[] next = starts[..Columns];
        for (int row = 0; row < Rows; row++)
        {
            for (int entry = _starts[row]; entry < _starts[row + 1]; entry++)
            {
                int place = next[_indices[entry]]++;
                (indices[place], places[place]) = (row, entry);
            }
        }

        return (starts, indices, places);
    }
}
