using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>The real data that learned methods are measured on, read from the folder of the shared data.</summary>
/// <param name="folder">The folder.</param>
/// <param name="picture">Where pixels that were drawn from Fourier coefficients go, a .png file; null for nowhere.</param>
internal sealed class LearnedData(string folder, string? picture)
{
    /// <summary>Where pixels that were drawn from Fourier coefficients go; null for nowhere.</summary>
    public string? Picture => picture;

    /// <summary>The folder that the environment names, or shared/data beside or above the working folder; null where there is none.</summary>
    public static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("FUSIONKERNELS_DATA");
        if (!string.IsNullOrEmpty(named)) return Directory.Exists(named) ? named : null;
        for (DirectoryInfo? at = new(Environment.CurrentDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }

    /// <summary>A file.</summary>
    public string PathOf(string relative) => Path.Combine(folder, relative);

    /// <summary>A view of the 2000 handwritten digits, without the label in its last column.</summary>
    public Tensor<float> Digits(string view)
    {
        CsvTable table = Csv.Read(PathOf($"mfeat/mfeat-{view}.csv"), new() { Header = CsvHeader.Present });
        return table.Without(table.ColumnCount - 1).ToTensor<float>();
    }

    /// <summary>Every fifth digit is held out.</summary>
    public static (Views Train, Views Test) Split(Views digits) => (
        digits.Take([.. Enumerable.Range(0, digits.Rows).Where(row => row % 5 != 4)]),
        digits.Take([.. Enumerable.Range(0, digits.Rows).Where(row => row % 5 == 4)]));

    /// <summary>Every fifth digit is held out.</summary>
    public static (Tensor<float> Train, Tensor<float> Test) Split(Tensor<float> digits)
    {
        int rows = (int)digits.Lengths[0];
        return (GramPart.Rows(digits, [.. Enumerable.Range(0, rows).Where(row => row % 5 != 4)]), GramPart.Rows(digits, [.. Enumerable.Range(0, rows).Where(row => row % 5 == 4)]));
    }

    /// <summary>A table of the Wikipedia pairs.</summary>
    public Tensor<float> Wikipedia(string name) => Csv.Read(PathOf($"wikipedia/{name}.csv"), new() { Header = CsvHeader.Absent }).ToTensor<float>();

    /// <summary>Labels of the Wikipedia pairs, from 0.</summary>
    public int[] WikipediaLabels(string name)
    {
        Tensor<float> column = Wikipedia(name);
        int[] labels = [.. Enumerable.Range(0, (int)column.Lengths[0]).Select(row => (int)column[row, 0])];
        int least = labels.Min();
        return [.. labels.Select(label => label - least)];
    }
}
