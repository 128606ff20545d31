using System.Globalization;
using System.Numerics;
using System.Text;

namespace FusionKernels;

/// <summary>The cells of one row as they stand in the file, without quotes, in UTF-8.</summary>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Text">All cells, one after the other.</param>
/// <param name="Ends">Where each cell ends in the text.</param>
internal readonly record struct CsvRow(long Line, byte[] Text, int[] Ends)
{
    /// <summary>The number of cells.</summary>
    public int Count => Ends.Length;

    /// <summary>One cell.</summary>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            int start = column == 0 ? 0 : Ends[column - 1];
            return Text.AsSpan(start, Ends[column] - start);
        }
    }

    /// <summary>The number in one cell; where a missing one is allowed, an empty cell is NaN.</summary>
    /// <exception cref="DataFormatException">The cell is no number of the type, or empty.</exception>
    public T Parse<T>(int column, string file, bool allowMissing)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<byte> cell = this[column];
        if (DataText.TryParseNumber(cell, out T number))
            return number;
        if (cell.IsEmpty && allowMissing && DataText.TryParseNumber("nan", out number))
            return number;
        string found = cell.IsEmpty ? "an empty cell" + (allowMissing ? ", which this type cannot hold" : "; AllowMissing reads it as NaN") : DataText.Quote(Encoding.UTF8.GetString(cell));
        throw new DataFormatException(file, Position(column), DataText.NumberName<T>(), found);
    }

    /// <summary>Where a cell stands, in words.</summary>
    public string Position(int column) => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {column + 1}");
}
