using System.Globalization;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Reads one label for each row: text or numbers.</summary>
internal static class LabelFile
{
    /// <summary>What is understood, for the help.</summary>
    public const string Forms = ".csv, .tsv or .txt (one in each line) or .npy (numbers)";

    /// <summary>Reads the labels of two sides under common classes.</summary>
    /// <param name="pathA">The file of A.</param>
    /// <param name="rowsA">Rows of A.</param>
    /// <param name="pathB">The file of B.</param>
    /// <param name="rowsB">Rows of B.</param>
    /// <exception cref="DataException">A file cannot be read as one label for each row, or the files have no label in common.</exception>
    /// <exception cref="DataFormatException">A file is malformed.</exception>
    public static (ClassLabels A, ClassLabels B) ReadBoth(string pathA, int rowsA, string pathB, int rowsB)
    {
        string[] a = Read(pathA, rowsA, "A"), b = Read(pathB, rowsB, "B");
        if (!a.Intersect(b).Any()) throw new DataException($"{pathA} and {pathB} have no label in common: nothing would be relevant to anything");
        IReadOnlyList<string> names = ClassLabels.From(a.Concat(b)).Names;
        return (ClassLabels.From(a, names), ClassLabels.From(b, names));
    }

    /// <summary>Reads the classes of so many rows, two of them at least.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <exception cref="DataException">The file cannot be read as one label for each row, or all labels are the same.</exception>
    /// <exception cref="DataFormatException">The file is malformed.</exception>
    public static ClassLabels ReadClasses(string path, int rows, string side)
    {
        ClassLabels labels = ClassLabels.From(Read(path, rows, side));
        return labels.Names.Count == 1 ? throw new DataException($"{path} names one class, '{labels.Names[0]}', for all rows: two at least are needed") : labels;
    }

    /// <summary>Reads the labels of so many rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="side">Whose they are, for errors.</param>
    /// <exception cref="DataException">The file cannot be read as one label for each row.</exception>
    /// <exception cref="DataFormatException">The file is malformed.</exception>
    public static string[] Read(string path, int rows, string side)
    {
        InputFile.Require(path);
        string[] labels = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".CSV" or ".TSV" or ".TXT" => ReadText(path, rows),
            ".NPY" => ReadNumbers(path),
            _ => throw InputFile.NotUnderstood(path, "labels", Forms),
        };
        if (labels.Length != rows) throw new DataException($"{path} has {labels.Length} labels for the {rows} rows of {side}");
        return labels;
    }

    /// <summary>Labels are often text themselves, so that only their number tells whether the first line names the column.</summary>
    private static string[] ReadText(string path, int rows)
    {
        CsvTable table = Csv.Read(path, new() { Header = CsvHeader.Absent });
        if (table.ColumnCount != 1) throw new DataException($"{path} has {table.ColumnCount} columns; labels are one column");
        int first = table.RowCount == rows + 1 ? 1 : 0;
        return [.. Enumerable.Range(first, table.RowCount - first).Select(row => table[row, 0])];
    }

    private static string[] ReadNumbers(string path)
    {
        double[] values = DataTensor.Flatten(Npy.ReadAs<double>(path, ValueConversion.Round).AsReadOnlyTensorSpan()).ToArray();
        return Array.ConvertAll(values, value => value.ToString("R", CultureInfo.InvariantCulture));
    }
}
