using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels;

/// <summary>Reads and writes tables of numbers as text: comma, semicolon, tab, bar or white space between cells, in no culture but the invariant one.</summary>
/// <remarks>
/// Cells may be quoted (RFC 4180) unless white space separates them. Blank lines of tables are passed over. Numbers have a decimal point and no grouping;
/// <c>nan</c> and <c>inf</c> are numbers in any case. Text is UTF-8, or what a byte-order mark says.
/// </remarks>
public static class Csv
{
    /// <summary>Reads a table; cells become numbers with <see cref="CsvTable.ToTensor{T}"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Delimiter, header, comments and missing cells; detected or usual when null.</param>
    /// <returns>The table.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The delimiter or the comment's character cannot be used as such.</exception>
    /// <exception cref="DataFormatException">There is no row, quotes are unbalanced, rows differ in length, or text is not UTF-8.</exception>
    public static CsvTable Read(string path, CsvReadOptions? options = null)
    {
        using FileStream stream = DataFile.OpenRead(path);
        return Read(stream, path, options);
    }

    /// <summary>Reads a table from a stream, which stays open.</summary>
    /// <param name="stream">A seekable stream at the table's first byte.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <param name="options">Delimiter, header, comments and missing cells; detected or usual when null.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek, or the delimiter or the comment's character cannot be used as such.</exception>
    /// <exception cref="DataFormatException">There is no row, quotes are unbalanced, rows differ in length, or text is not UTF-8.</exception>
    public static CsvTable Read(Stream stream, string name = "stream", CsvReadOptions? options = null)
    {
        DataFile.RequireSeekable(stream);
        options ??= new CsvReadOptions();
        return CsvTable.Create(name, new CsvParser(stream, name, options).ReadAll(), options);
    }

    /// <summary>Reads a set of series of one channel, one series in each line; lengths are free.</summary>
    /// <typeparam name="T">float or double; text is rounded to the nearest value.</typeparam>
    /// <param name="path">The file; its name without extension names the set.</param>
    /// <param name="options">Delimiter, header, comments and missing cells. A header is passed over only where <see cref="CsvHeader.Present"/> says that there is one.</param>
    /// <returns>The series, each time x 1, without labels.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The delimiter or the comment's character cannot be used as such.</exception>
    /// <exception cref="DataFormatException">There is no series, a line is empty, a cell is no number, quotes are unbalanced, or text is not UTF-8; the error names line and column.</exception>
    public static TimeSeriesSet<T> ReadSeries<T>(string path, CsvReadOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using FileStream stream = DataFile.OpenRead(path);
        return ReadSeries<T>(stream, path, options);
    }

    /// <summary>Reads a set of series of one channel from a stream, which stays open; one series in each line, lengths are free.</summary>
    /// <typeparam name="T">float or double; text is rounded to the nearest value.</typeparam>
    /// <param name="stream">A seekable stream at the first byte.</param>
    /// <param name="name">What errors call the stream; without folder and extension it names the set.</param>
    /// <param name="options">Delimiter, header, comments and missing cells. A header is passed over only where <see cref="CsvHeader.Present"/> says that there is one.</param>
    /// <returns>The series, each time x 1, without labels.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek, or the delimiter or the comment's character cannot be used as such.</exception>
    /// <exception cref="DataFormatException">There is no series, a line is empty, a cell is no number, quotes are unbalanced, or text is not UTF-8; the error names line and column.</exception>
    public static TimeSeriesSet<T> ReadSeries<T>(Stream stream, string name = "stream", CsvReadOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DataFile.RequireSeekable(stream);
        options ??= new CsvReadOptions();
        List<CsvRow> rows = new CsvParser(stream, name, options, CsvShape.Series).ReadAll();
        var series = new List<Tensor<T>>(rows.Count);
        foreach (CsvRow row in rows.Skip(options.Header == CsvHeader.Present ? 1 : 0))
        {
            var values = new T[row.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = row.Parse<T>(i, name, options.AllowMissing);
            series.Add(Tensor.Create(values, [values.Length, 1]));
        }

        if (series.Count == 0)
            throw new DataFormatException(name, $"line {options.SkipLines + 1}", "at least one series", "none");
        return new TimeSeriesSet<T>(Path.GetFileNameWithoutExtension(name) is { Length: > 0 } problem ? problem : name, series);
    }

    /// <summary>Writes a matrix, or a vector as one column; the file appears complete or not at all.</summary>
    /// <typeparam name="T">The type of the numbers.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="values">rows x columns, or a vector.</param>
    /// <param name="options">Delimiter and column names; comma and none when null.</param>
    /// <exception cref="ArgumentException">The tensor has more than two dimensions, or the names are not one for each column.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Tensor<T> values, CsvWriteOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        Write(path, values.AsReadOnlyTensorSpan(), options);
    }

    /// <summary>Writes a matrix, or a vector as one column; the file appears complete or not at all.</summary>
    /// <typeparam name="T">The type of the numbers.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="values">rows x columns, or a vector.</param>
    /// <param name="options">Delimiter and column names; comma and none when null.</param>
    /// <exception cref="ArgumentException">The tensor has more than two dimensions, or the names are not one for each column.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, in ReadOnlyTensorSpan<T> values, CsvWriteOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        using var file = new AtomicFile(path);
        Write(file.Stream, values, options);
        file.Commit();
    }

    /// <summary>Writes a matrix, or a vector as one column, to a stream, which stays open.</summary>
    /// <remarks>Numbers are written in the shortest form that reads back to the same value; lines end in a line feed.</remarks>
    /// <typeparam name="T">The type of the numbers.</typeparam>
    /// <param name="stream">A stream that can be written.</param>
    /// <param name="values">rows x columns, or a vector.</param>
    /// <param name="options">Delimiter and column names; comma and none when null.</param>
    /// <exception cref="ArgumentException">The tensor has more than two dimensions, or the names are not one for each column.</exception>
    public static void Write<T>(Stream stream, in ReadOnlyTensorSpan<T> values, CsvWriteOptions? options = null)
        where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new CsvWriteOptions();
        if (values.Rank > 2)
            throw new ArgumentException($"a table has rows and columns, the tensor has {values.Rank} dimensions", nameof(values));
        CsvDelimiter.Require(options.Delimiter);
        int columns = values.Rank == 2 ? checked((int)values.Lengths[1]) : 1;
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        WriteHeader(writer, columns, options);
        WriteRows(writer, DataTensor.Flatten(values), columns, options.Delimiter);
    }

    private static void WriteHeader(StreamWriter writer, int columns, CsvWriteOptions options)
    {
        if (options.ColumnNames is not { } names)
            return;
        if (names.Count != columns)
            throw new ArgumentException($"{names.Count} column names for {columns} columns", nameof(options));
        writer.WriteLine(string.Join(options.Delimiter, names.Select(name => QuoteCell(name, options.Delimiter))));
    }

    /// <summary>Quotes a name that would otherwise not come back as it is.</summary>
    private static string QuoteCell(string name, char delimiter)
    {
        bool plain = name.Length > 0 && name.AsSpan().IndexOfAny([delimiter, '"', '\r', '\n', '#']) < 0 && name.AsSpan().Trim().Length == name.Length;
        if (!plain && delimiter == ' ')
            throw new ArgumentException($"the column name {DataText.Quote(name)} cannot stand in a table separated by white space; choose another delimiter", nameof(name));
        return plain ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static void WriteRows<T>(StreamWriter writer, ReadOnlySpan<T> elements, int columns, char delimiter)
        where T : unmanaged, INumber<T>
    {
        Span<char> number = stackalloc char[64];
        for (int i = 0; i < elements.Length; i++)
        {
            if (elements[i].TryFormat(number, out int length, format: default, CultureInfo.InvariantCulture))
                writer.Write(number[..length]);
            else
                writer.Write(elements[i].ToString(null, CultureInfo.InvariantCulture));
            writer.Write((i + 1) % columns == 0 ? '\n' : delimiter);
        }
    }
}
