using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels;

/// <summary>A table of text with named columns, turned into numbers or labels when they are asked for. Immutable.</summary>
/// <remarks>Memory: the text of the cells plus four bytes for each. A selection of columns shares it. Safe to use from any thread.</remarks>
public sealed class CsvTable
{
    private readonly string file;
    private readonly bool allowMissing;
    private readonly List<CsvRow> rows;
    private readonly int[] columns;
    private readonly string[] names;

    private CsvTable(string file, bool allowMissing, bool hasHeader, List<CsvRow> rows, int[] columns, string[] names)
    {
        this.file = file;
        this.allowMissing = allowMissing;
        HasHeader = hasHeader;
        this.rows = rows;
        this.columns = columns;
        this.names = names;
    }

    /// <summary>The number of rows, the header not counted.</summary>
    public int RowCount => rows.Count;

    /// <summary>The number of columns.</summary>
    public int ColumnCount => columns.Length;

    /// <summary>Whether the names of the columns come from the file.</summary>
    public bool HasHeader { get; }

    /// <summary>The names of the columns; <c>column1</c>, <c>column2</c>, ... when the file has no header.</summary>
    public IReadOnlyList<string> ColumnNames => names;

    /// <summary>The text of a cell.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <returns>The text without quotes and surrounding white space.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public string this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
            return Encoding.UTF8.GetString(rows[row][columns[RequireColumn(column)]]);
        }
    }

    /// <summary>Finds a column by its name.</summary>
    /// <param name="name">The name, exactly.</param>
    /// <returns>The column, from 0.</returns>
    /// <exception cref="ArgumentException">No column, or more than one, has this name.</exception>
    public int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int first = Array.IndexOf(names, name);
        if (first < 0)
            throw new ArgumentException($"{file} has no column {DataText.Quote(name)}; it has {DataText.Quote(string.Join(", ", names), 200)}", nameof(name));
        if (Array.LastIndexOf(names, name) != first)
            throw new ArgumentException($"{file} has more than one column {DataText.Quote(name)}; ask for it by its index", nameof(name));
        return first;
    }

    /// <summary>The table of some of the columns, in the order asked for.</summary>
    /// <param name="indices">The columns to keep, from 0.</param>
    /// <returns>The smaller table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public CsvTable Select(params ReadOnlySpan<int> indices)
    {
        var keptColumns = new int[indices.Length];
        var keptNames = new string[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            keptColumns[i] = columns[RequireColumn(indices[i])];
            keptNames[i] = names[indices[i]];
        }

        return new CsvTable(file, allowMissing, HasHeader, rows, keptColumns, keptNames);
    }

    /// <summary>The table of some of the columns, in the order asked for.</summary>
    /// <param name="columnNames">The names of the columns to keep.</param>
    /// <returns>The smaller table.</returns>
    /// <exception cref="ArgumentException">No column, or more than one, has such a name.</exception>
    public CsvTable Select(params ReadOnlySpan<string> columnNames)
    {
        var indices = new int[columnNames.Length];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = IndexOf(columnNames[i]);
        return Select(indices);
    }

    /// <summary>The table without some of the columns.</summary>
    /// <param name="indices">The columns to leave out, from 0.</param>
    /// <returns>The smaller table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public CsvTable Without(params ReadOnlySpan<int> indices)
    {
        var kept = new bool[ColumnCount];
        Array.Fill(kept, true);
        foreach (int index in indices)
            kept[RequireColumn(index)] = false;
        return Select(Enumerable.Range(0, ColumnCount).Where(column => kept[column]).ToArray());
    }

    /// <summary>The numbers of all columns.</summary>
    /// <typeparam name="T">The type to read numbers as, e.g. float, double, int or long.</typeparam>
    /// <returns>rows x columns, row-major; text is rounded to the nearest value of a floating-point type, and a missing cell is NaN.</returns>
    /// <exception cref="DataFormatException">A cell is no number of the type, or empty without <see cref="CsvReadOptions.AllowMissing"/>; the error names line and column.</exception>
    /// <exception cref="InvalidOperationException">The table has more cells than one tensor holds.</exception>
    public Tensor<T> ToTensor<T>()
        where T : unmanaged, INumber<T>
    {
        if ((long)RowCount * ColumnCount > Array.MaxLength)
            throw new InvalidOperationException($"{RowCount} x {ColumnCount} cells do not fit one tensor; select fewer columns at once");
        var elements = new T[RowCount * ColumnCount];
        int next = 0;
        foreach (CsvRow row in rows)
        {
            foreach (int column in columns)
                elements[next++] = row.Parse<T>(column, file, allowMissing);
        }

        return Tensor.Create(elements, [RowCount, ColumnCount]);
    }

    /// <summary>The text of one column as classes.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <returns>The label of each row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="DataFormatException">A label is empty.</exception>
    public ClassLabels ToLabels(int column)
    {
        int stored = columns[RequireColumn(column)];
        return ClassLabels.From(rows.Select(row => row[stored].IsEmpty
            ? throw new DataFormatException(file, row.Position(stored), "a label", "an empty cell")
            : Encoding.UTF8.GetString(row[stored])));
    }

    /// <summary>The text of one column as classes.</summary>
    /// <param name="columnName">The column's name.</param>
    /// <returns>The label of each row.</returns>
    /// <exception cref="ArgumentException">No column, or more than one, has this name.</exception>
    /// <exception cref="DataFormatException">A label is empty.</exception>
    public ClassLabels ToLabels(string columnName) => ToLabels(IndexOf(columnName));

    /// <summary>Makes a table of parsed rows, taking a header from the first where there is one.</summary>
    internal static CsvTable Create(string file, List<CsvRow> rows, CsvReadOptions options)
    {
        if (rows.Count == 0)
            throw new DataFormatException(file, "line 1", "at least one row", "none");
        int count = rows[0].Count;
        CsvRow first = rows[0];
        bool hasHeader = options.Header switch
        {
            CsvHeader.Present => true,
            CsvHeader.Absent => false,
            _ => HasWords(first),
        };
        string[] names = new string[count];
        for (int column = 0; column < count; column++)
            names[column] = hasHeader ? Encoding.UTF8.GetString(first[column]) : string.Create(CultureInfo.InvariantCulture, $"column{column + 1}");
        if (hasHeader)
            rows.RemoveAt(0);
        return new CsvTable(file, options.AllowMissing, hasHeader, rows, [.. Enumerable.Range(0, count)], names);
    }

    private static bool HasWords(CsvRow row)
    {
        for (int column = 0; column < row.Count; column++)
        {
            if (!row[column].IsEmpty && !DataText.TryParseNumber(row[column], out double _))
                return true;
        }

        return false;
    }

    private int RequireColumn(int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, ColumnCount);
        return column;
    }
}
