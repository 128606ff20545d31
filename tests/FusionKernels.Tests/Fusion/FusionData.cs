using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Tests.Fusion;

/// <summary>Views of classes that no view alone tells apart.</summary>
internal static class FusionData
{
    /// <summary>Views of rows of four classes: view m tells the class shifted by m modulo 4 into halves, with noise, so that two views are needed.</summary>
    public static Views Halves(int rows, int views, int seed, bool float64 = false)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 4)];
        (string, View)[] made = new (string, View)[views];
        for (int m = 0; m < views; m++)
        {
            double[] values = new double[rows * (2 + m)];
            for (int at = 0; at < values.Length; at++) values[at] = ((labels[at / (2 + m)] + m) % 4 < 2 ? 1 : -1) + (0.5 * Gauss(random));
            made[m] = ($"v{m}", float64 ? Tensor.Create(values, [rows, 2 + m]) : Tensor.Create([.. values.Select(value => (float)value)], [rows, 2 + m]));
        }

        return Views.Of(made).WithLabels(labels);
    }

    /// <summary>The six views of the handwritten digits; the test ends as inconclusive where they are absent.</summary>
    public static Views Digits(params string[] names)
    {
        int[] labels = [];
        List<(string, View)> views = [];
        foreach (string name in names.Length > 0 ? names : ["fou", "fac", "kar", "pix", "zer", "mor"])
        {
            CsvTable table = SharedData.Handwriting(name);
            labels = [.. table.ToLabels(table.ColumnCount - 1).Indices];
            views.Add((name, table.Without(table.ColumnCount - 1).ToTensor<float>()));
        }

        return Views.Of([.. views]).WithLabels(labels);
    }

    /// <summary>A random matrix A A' with a diagonal of 1.</summary>
    public static Tensor<T> Gram<T>(int rows, int rank, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        double[] a = [.. Enumerable.Range(0, rows * rank).Select(_ => Gauss(random))];
        T[] values = new T[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++) values[(i * rows) + j] = T.CreateTruncating(Dot(i, j) / Math.Sqrt(Dot(i, i) * Dot(j, j)));
        }

        return Tensor.Create(values, [rows, rows]);

        double Dot(int i, int j) => TensorPrimitives.Dot(a.AsSpan(i * rank, rank), a.AsSpan(j * rank, rank));
    }

    public static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double Accuracy(FusionModel model, Views rows) => Accuracy(model.Predict(rows), rows);

    public static double Accuracy(int[] named, Views rows) => named.Where((label, i) => label == rows.Labels![i]).Count() / (double)rows.Rows;

    public static double[] Flat(Tensor<double> tensor)
    {
        double[] values = new double[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
