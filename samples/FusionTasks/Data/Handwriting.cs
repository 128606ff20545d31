using System.Numerics.Tensors;
using FusionKernels;

namespace FusionTasks.Data;

/// <summary>2000 handwritten digits in six views (UCI multiple features), the label in the last column of each file.</summary>
internal static class Handwriting
{
    /// <summary>The names of the views.</summary>
    public static readonly string[] Names = ["fou", "fac", "kar", "pix", "zer", "mor"];

    /// <summary>Some views with labels; tiny: every tenth row.</summary>
    public static Views Read(TaskOptions options, params string[] names)
    {
        (Tensor<float>[] tables, int[] labels) = Tables(options, names.Length > 0 ? names : Names);
        Views views = Views.Of([.. tables.Select((table, m) => ((names.Length > 0 ? names : Names)[m], (View)table))]).WithLabels(labels);
        return options.IsTiny ? views.Take([.. Enumerable.Range(0, views.Rows / 10).Select(row => 10 * row)]) : views;
    }

    /// <summary>The features of some views, and the labels.</summary>
    public static (Tensor<float>[] Views, int[] Labels) Tables(TaskOptions options, params string[] names)
    {
        CsvTable[] tables = [.. names.Select(name => Csv.Read(options.Require($"mfeat/mfeat-{name}.csv"), new() { Header = CsvHeader.Present }))];
        return ([.. tables.Select(table => table.Without(table.ColumnCount - 1).ToTensor<float>())], [.. tables[0].ToLabels(tables[0].ColumnCount - 1).Indices]);
    }
}
