using System.Numerics.Tensors;
using FusionKernels;

namespace FusionTasks.Data;

/// <summary>Images and texts of Wikipedia: histograms of 128 visual words and shares of 10 topics, ten classes (Rasiwasia et al. 2010).</summary>
/// <param name="Images">rows x 128.</param>
/// <param name="Texts">rows x 10.</param>
/// <param name="Labels">By row: 1 to 10.</param>
internal sealed record WikipediaPairs(Tensor<double> Images, Tensor<double> Texts, int[] Labels)
{
    /// <summary>Reads a part: train or test.</summary>
    public static WikipediaPairs Read(TaskOptions options, string part)
    {
        Tensor<double> labels = Table($"labels_{part}");
        WikipediaPairs all = new(Table($"image_{part}"), Table($"text_{part}"), [.. Enumerable.Range(0, (int)labels.Lengths[0]).Select(i => (int)labels[i, 0])]);
        return options.IsTiny ? all.Take([.. Enumerable.Range(0, all.Labels.Length / 5).Select(i => 5 * i)]) : all;

        Tensor<double> Table(string name) => Csv.Read(options.Require($"wikipedia/{name}.csv"), new() { Header = CsvHeader.Absent }).ToTensor<double>();
    }

    /// <summary>Some of the rows.</summary>
    public WikipediaPairs Take(int[] rows) => new(Rows(Images, rows), Rows(Texts, rows), [.. rows.Select(row => Labels[row])]);

    private static Tensor<double> Rows(Tensor<double> values, int[] rows)
    {
        int width = (int)values.Lengths[1];
        return Tensor.Create([.. Enumerable.Range(0, rows.Length * width).Select(at => values[rows[at / width], at % width])], [rows.Length, width]);
    }
}
