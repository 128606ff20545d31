using System.Numerics.Tensors;
using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Two labels of each digit in all, the rest spread over graphs: of single views, summed, with learned weights, and of neighbours by all views.</summary>
internal static class LabelsTask
{
    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        (Tensor<float>[] tables, int[] truth) = Handwriting.Tables(options, Handwriting.Names);
        if (options.IsTiny) (tables, truth) = ([.. tables.Select(table => Every(table, 10))], [.. truth.Where((_, row) => row % 10 == 0)]);
        Tensor<float>[] views = [.. tables.Select(Standardized)];
        Tensor<float>[] grams = [.. views.Select(view => Gram.Compute(view, Kernel.Rbf(0.5 / view.Lengths[1])))]; // about 1 / the median squared distance
        SparseMatrix<float>[] graphs = [.. views.Select(view => Graph.Neighbours(view, 5))];
        int draws = options.IsTiny ? 2 : 10;
        double[] singles = new double[views.Length];
        double sum = 0, sparse = 0, learned = 0, least = 1;
        for (int draw = 0; draw < draws; draw++)
        {
            int[] given = Few(truth, options.Seed + draw);
            double[] own = [.. graphs.Select(graph => Accuracy(LabelPropagation.Fit(graph, given), given, truth))];
            for (int m = 0; m < own.Length; m++) singles[m] += own[m] / draws;
            sum += Accuracy(LabelPropagation.Fit(graphs, given, new() { Weighting = GraphWeighting.Uniform }), given, truth) / draws;
            sparse += Accuracy(LabelPropagation.Fit(graphs, given), given, truth) / draws;
            ViewPropagationResult result = LabelPropagation.FitViews(grams, given);
            double all = Accuracy(result.Found, given, truth);
            (learned, least) = (learned + (all / draws), Math.Min(least, all));
            options.Out.WriteLine($"   draw {draw}: {ReportLines.Percent(all)} with {result.Neighbours} neighbours by {string.Join(" ", result.ViewWeights.Select((weight, m) => $"{Handwriting.Names[m]} {weight:f2}"))}; best view of this draw {ReportLines.Percent(own.Max())}");
        }

        int best = Array.IndexOf(singles, singles.Max());
        string figures = $"learned weights {ReportLines.Percent(learned)} (least of {draws} draws {ReportLines.Percent(least)}), best single graph {Handwriting.Names[best]} {ReportLines.Percent(singles[best])}, sum of graphs {ReportLines.Percent(sum)}, learned sum {ReportLines.Percent(sparse)}, majority {ReportLines.Percent(0.1)}";
        return new($"mfeat, 20 labels, {draws} draws", figures, "above best single graph (94.7) and plain sum (80.9)", learned > Math.Max(0.947, singles.Max()) && learned > Math.Max(0.809, sum));
    }

    private static double Accuracy(LabelPropagationResult result, int[] given, int[] truth)
    {
        int[] asked = [.. Enumerable.Range(0, truth.Length).Where(i => given[i] < 0)];
        return asked.Count(i => result.Labels[i] == truth[i]) / (double)asked.Length;
    }

    private static int[] Few(int[] truth, int seed)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Repeat(-1, truth.Length)];
        foreach (IGrouping<int, int> one in Enumerable.Range(0, truth.Length).GroupBy(i => truth[i]).OrderBy(group => group.Key))
        {
            foreach (int i in one.OrderBy(_ => random.Next()).Take(2)) labels[i] = one.Key;
        }

        return labels;
    }

    private static Tensor<float> Every(Tensor<float> x, int step)
    {
        int rows = (int)x.Lengths[0] / step, width = (int)x.Lengths[1];
        return Tensor.Create([.. Enumerable.Range(0, rows * width).Select(at => x[at / width * step, at % width])], [rows, width]);
    }

    private static Tensor<float> Standardized(Tensor<float> x)
    {
        int rows = (int)x.Lengths[0], width = (int)x.Lengths[1];
        float[] values = new float[rows * width];
        for (int j = 0; j < width; j++)
        {
            double mean = Enumerable.Range(0, rows).Average(i => (double)x[i, j]), deviation = Math.Sqrt(Enumerable.Range(0, rows).Average(i => Math.Pow(x[i, j] - mean, 2)));
            for (int i = 0; i < rows; i++) values[(i * width) + j] = (float)(deviation > 0 ? (x[i, j] - mean) / deviation : 0);
        }

        return Tensor.Create(values, [rows, width]);
    }
}
