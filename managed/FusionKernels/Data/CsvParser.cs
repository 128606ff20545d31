using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace FusionKernels;

/// <summary>Turns the lines of a table, or of a set of series, into rows of cells.</summary>
/// <param name="stream">A seekable stream at the table's first byte.</param>
/// <param name="name">What errors call the stream.</param>
/// <param name="options">The reader's options.</param>
/// <param name="shape">What is asked of the rows.</param>
internal sealed class CsvParser(Stream stream, string name, CsvReadOptions options, CsvShape shape = CsvShape.Table)
{
    /// <summary>A row longer than this comes from a quote that is never closed, not from a table.</summary>
    private const int MaxRowBytes = 256 * 1024 * 1024;

    /// <summary>Occurs in no table, so that a row stays in one piece until it is split at white space.</summary>
    private const char NoDelimiter = '\u001f';

    private readonly ArrayBufferWriter<byte> text = new();
    private readonly List<int> ends = [];
    private long skipped;

    /// <summary>Reads all rows, a header row included.</summary>
    /// <exception cref="DataFormatException">Quotes are unbalanced, rows are not of the shape, or a cell is not UTF-8.</exception>
    public List<CsvRow> ReadAll()
    {
        if (options.Delimiter is { } delimiter)
            CsvDelimiter.Require(delimiter);
        SkipLines();
        bool whiteSpace = options.Delimiter is ' ' || (options.Delimiter is null && LooksSeparatedByWhiteSpace());
        var rows = new List<CsvRow>();
        try
        {
            using CsvReader reader = Open(whiteSpace ? NoDelimiter : options.Delimiter, whiteSpace ? CsvMode.NoEscape : CsvMode.Rfc4180);
            while (reader.Read())
            {
                CsvRow row = whiteSpace ? SplitAtWhiteSpace(reader) : Copy(reader);
                if (shape == CsvShape.Series && reader.RawRecord.Trim(" \t"u8).IsEmpty)
                    throw new DataFormatException(name, $"line {row.Line}", "a series, which has at least one value", "an empty line");
                if (row.Count == 0)
                    continue;
                Check(row, rows);
                rows.Add(row);
            }
        }
        catch (CsvFormatException e)
        {
            throw new DataFormatException(name, $"line {e.LineNumber + skipped}", "cells with balanced quotes", e.Message, e);
        }

        return rows;
    }

    private CsvReader Open(char? delimiter, CsvMode mode) => CsvReader.Create(
        stream,
        new CsvReaderOptions
        {
            Separator = delimiter,
            Mode = mode,
            HasHeader = false,
            CommentPrefix = options.Comment,
            SkipEmptyLines = shape == CsvShape.Table,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaxRowBytes,
        },
        leaveOpen: true);

    private void SkipLines()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.SkipLines, nameof(CsvReadOptions.SkipLines));
        while (skipped < options.SkipLines)
        {
            int next = stream.ReadByte();
            if (next < 0)
                throw new DataFormatException(name, $"line {skipped + 1}", $"{options.SkipLines} lines to skip", "the end of the file");
            if (next == '\n')
                skipped++;
        }
    }

    /// <summary>Whether the first row is one cell by every other delimiter and has white space inside.</summary>
    private bool LooksSeparatedByWhiteSpace()
    {
        long start = stream.Position;
        try
        {
            using CsvReader reader = Open(delimiter: null, CsvMode.Rfc4180);
            return reader.Read() && reader.FieldCount == 1 && reader.RawRecord.Trim(" \t"u8).IndexOfAny(" \t"u8) >= 0 && !reader.RawRecord.Contains((byte)'"');
        }
        catch (CsvFormatException)
        {
            // The row is read again, and reported, by the reader proper.
            return false;
        }
        finally
        {
            stream.Position = start;
        }
    }

    private CsvRow Copy(CsvReader reader)
    {
        text.ResetWrittenCount();
        var cellEnds = new int[reader.FieldCount];
        for (int column = 0; column < cellEnds.Length; column++)
        {
            text.Write(reader.GetSpan(column));
            cellEnds[column] = text.WrittenCount;
        }

        return new CsvRow(reader.LineNumber + skipped, text.WrittenSpan.ToArray(), cellEnds);
    }

    private CsvRow SplitAtWhiteSpace(CsvReader reader)
    {
        text.ResetWrittenCount();
        ends.Clear();
        ReadOnlySpan<byte> record = reader.RawRecord;
        foreach (Range range in record.SplitAny(" \t"u8))
        {
            ReadOnlySpan<byte> cell = record[range];
            if (cell.IsEmpty)
                continue;
            text.Write(cell);
            ends.Add(text.WrittenCount);
        }

        return new CsvRow(reader.LineNumber + skipped, text.WrittenSpan.ToArray(), [.. ends]);
    }

    private void Check(CsvRow row, List<CsvRow> rows)
    {
        if (shape == CsvShape.Table && rows.Count > 0 && row.Count != rows[0].Count)
            throw new DataFormatException(name, $"line {row.Line}", $"{rows[0].Count} cells, as in line {rows[0].Line}", $"{row.Count} cells");
        if (!Utf8.IsValid(row.Text))
            throw new DataFormatException(name, $"line {row.Line}", "text in UTF-8", DataText.Quote(Encoding.Latin1.GetString(row.Text)));
    }
}
