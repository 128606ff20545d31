using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Graphs;

namespace FusionKernels;

/// <summary>A sparse matrix, row by row with ascending columns, each stored once; a graph is a square one, row i holding the edges into node i.</summary>
/// <remarks>
/// Immutable and thread-safe. Memory: 4 (rows + entries) bytes and the values; what the transposed product reads, as much again, is
/// made when it is first asked for. Values are finite. Stored zeros are kept. Sums are in the order of the entries: the same bits for
/// any number of threads.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class SparseMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _values;

    private SparseMatrix(SparsePattern pattern, T[] values)
    {
        Pattern = pattern;
        _values = values;
    }

    /// <summary>Rows.</summary>
    public int Rows => Pattern.Rows;

    /// <summary>Columns.</summary>
    public int Columns => Pattern.Columns;

    /// <summary>Stored elements.</summary>
    public int Count => Pattern.Entries;

    /// <summary>By row its first entry, and the end: rows + 1.</summary>
    public ReadOnlySpan<int> RowStarts => Pattern.Starts;

    /// <summary>By entry its column, ascending within a row.</summary>
    public ReadOnlySpan<int> ColumnIndices => Pattern.Indices;

    /// <summary>By entry its value.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>Which elements are stored.</summary>
    internal SparsePattern Pattern { get; }

    /// <summary>An element; 0 where none is stored.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column.</exception>
    public T this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns);
            int first = RowStarts[row], place = ColumnIndices[first..RowStarts[row + 1]].BinarySearch(column);
            return place < 0 ? T.Zero : _values[first + place];
        }
    }

    /// <summary>A matrix of given rows.</summary>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="columns">Columns, 0 or more.</param>
    /// <param name="rowStarts">By row its first entry, and the end: rows + 1, ascending from 0. Copied, as all of it.</param>
    /// <param name="columnIndices">By entry its column, ascending within a row, each once.</param>
    /// <param name="values">By entry its value, finite.</param>
    /// <exception cref="ArgumentException">The arrays are not as said; row, column or entry is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows or columns are negative.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static SparseMatrix<T> Of(int rows, int columns, ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> columnIndices, ReadOnlySpan<T> values)
    {
        HostExecution.RequireElement<T>("SparseMatrix.Of");
        if (values.Length != columnIndices.Length) throw new ArgumentException($"there are {columnIndices.Length} column indices and {values.Length} values: each entry has one of both", nameof(values));
        SparsePattern pattern = SparsePattern.Of(rows, columns, rowStarts, columnIndices);
        for (int entry = 0; entry < values.Length; entry++)
        {
            if (T.IsFinite(values[entry])) continue;
            throw new ArgumentException($"the value at ({pattern.Owners[entry]}, {columnIndices[entry]}) is {values[entry]}: a finite number is needed", nameof(values));
        }

        return new(pattern, values.ToArray());
    }

    /// <summary>A matrix of entries in any order; those of one place are added in the order given.</summary>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="columns">Columns, 0 or more.</param>
    /// <param name="entries">Rows, columns and finite values.</param>
    /// <exception cref="ArgumentException">An entry lies outside, or a value is not finite; the entry is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows or columns are negative.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static SparseMatrix<T> FromEntries(int rows, int columns, IEnumerable<(int Row, int Column, T Value)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        (int Row, int Column, T Value)[] given = [.. entries];
        for (int i = 0; i < given.Length; i++)
        {
            if ((uint)given[i].Row < (uint)rows && (uint)given[i].Column < (uint)columns) continue;
            throw new ArgumentException($"entry {i} is at ({given[i].Row}, {given[i].Column}), the matrix is {rows} x {columns}", nameof(entries));
        }

        // Stable, so that values of one place are added in the order given.
        int[] order = [.. Enumerable.Range(0, given.Length).OrderBy(i => ((long)given[i].Row * columns) + given[i].Column)];
        int[] starts = new int[rows + 1];
        List<int> indices = new(given.Length);
        List<T> values = new(given.Length);
        int last = -1;
        foreach (int i in order)
        {
            (int row, int column, T value) = given[i];
            if (indices.Count > 0 && row == last && indices[^1] == column)
            {
                values[^1] += value;
                continue;
            }

            indices.Add(column);
            values.Add(value);
            starts[row + 1]++;
            last = row;
        }

        for (int row = 0; row < rows; row++) starts[row + 1] += starts[row];
        return Of(rows, columns, starts, indices.ToArray(), values.ToArray());
    }

    /// <summary>The elements of a matrix that are not zero.</summary>
    /// <param name="matrix">rows x columns, any strides.</param>
    /// <exception cref="ArgumentException">The tensor is no matrix, or an element is not finite (its place is named).</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static SparseMatrix<T> FromDense(Tensor<T> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rank != 2) throw new ArgumentException($"'{nameof(matrix)}' is {Shape.Of(matrix.Lengths)}; a matrix (rows x columns) is needed", nameof(matrix));
        int rows = checked((int)matrix.Lengths[0]), columns = checked((int)matrix.Lengths[1]);
        int[] starts = new int[rows + 1];
        List<int> indices = [];
        List<T> values = [];
        T[] elements = new T[matrix.FlattenedLength];
        matrix.FlattenTo(elements);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> line = elements.AsSpan(row * columns, columns);
            for (int column = 0; column < columns; column++)
            {
                if (T.IsZero(line[column])) continue;
                indices.Add(column);
                values.Add(line[column]);
            }

            starts[row + 1] = indices.Count;
        }

        return Of(rows, columns, starts, indices.ToArray(), values.ToArray());
    }

    /// <summary>The matrix with its zeros: rows x columns.</summary>
    public Tensor<T> ToDense()
    {
        T[] elements = new T[checked(Rows * Columns)];
        for (int entry = 0; entry < Count; entry++) elements[(Pattern.Owners[entry] * Columns) + ColumnIndices[entry]] = _values[entry];
        return Tensor.Create(elements, [Rows, Columns]);
    }

    /// <summary>Rows and columns exchanged.</summary>
    public SparseMatrix<T> Transpose()
    {
        ReadOnlySpan<int> places = Pattern.Places, owners = Pattern.Owners;
        int[] indices = new int[Count];
        T[] values = new T[Count];
        for (int entry = 0; entry < Count; entry++) (indices[entry], values[entry]) = (owners[places[entry]], _values[places[entry]]);
        return new(SparsePattern.Of(Columns, Rows, Pattern.ColumnStarts, indices), values);
    }

    /// <summary>The same elements with other values.</summary>
    /// <param name="values">By entry its value, finite.</param>
    /// <exception cref="ArgumentException">There are not as many values as entries, or one is not finite.</exception>
    public SparseMatrix<T> WithValues(ReadOnlySpan<T> values)
    {
        if (values.Length != Count) throw new ArgumentException($"the matrix has {Count} entries, there are {values.Length} values", nameof(values));
        for (int entry = 0; entry < Count; entry++)
        {
            if (!T.IsFinite(values[entry])) throw new ArgumentException($"the value at ({Pattern.Owners[entry]}, {ColumnIndices[entry]}) is {values[entry]}: a finite number is needed", nameof(values));
        }

        return new(Pattern, values.ToArray());
    }
}
