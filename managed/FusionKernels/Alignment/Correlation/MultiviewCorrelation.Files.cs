using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <content>Files.</content>
public sealed partial class MultiviewCorrelation
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "fusionkernels.multiview-correlation";
    private const long Version = 1;

    /// <summary>Writes the model to an .npz file, which appears when it is complete; <see cref="SharedScores"/> are left out.</summary>
    /// <remarks>
    /// Version 1, arrays of float64 unless said otherwise, for each view v from 0: <c>fusionkernels.multiview-correlation</c> (int64:
    /// the version), <c>objective</c> (int64: 0 for SUMCOR, 1 for MAXVAR), <c>features</c>, <c>ranks</c> and <c>rows</c> (int64 per view:
    /// columns, numerical rank, training rows that have it), <c>eigenvalues</c>, <c>correlations</c> (means over the pairs of views),
    /// <c>v.mean</c>, <c>v.deviation</c>, <c>v.weights</c> and <c>v.shares</c> (features x components: of the view's variates and of the shared
    /// scores), <c>v.covariances</c> (features of all views x components: of all columns with the view's variates).
    /// </remarks>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using NpzWriter writer = ModelArchive.Create(path, Kind, Version);
        writer.Add("objective", Tensor.Create([(long)Objective], [1]));
        writer.Add("features", Tensor.Create([.. _means.Select(mean => (long)mean.Length)], [Views]));
        writer.Add("ranks", Tensor.Create([.. _ranks.Select(rank => (long)rank)], [Views]));
        writer.Add("rows", Tensor.Create((long[])_presentRows.Clone(), [Views]));
        writer.Add("eigenvalues", Tensor.Create([.. Eigenvalues], [Components]));
        writer.Add("correlations", Tensor.Create([.. MeanCorrelations], [Components]));
        for (int v = 0; v < Views; v++)
        {
            writer.Add($"{v}.mean", Tensor.Create((double[])_means[v].Clone(), [_means[v].Length]));
            writer.Add($"{v}.deviation", Tensor.Create((double[])_deviations[v].Clone(), [_deviations[v].Length]));
            Add(writer, $"{v}.weights", _weights[v]);
            Add(writer, $"{v}.shares", _shares[v]);
            Add(writer, $"{v}.covariances", _covariances[v]);
        }

        writer.Complete();
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model, without <see cref="SharedScores"/>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind or version, or its arrays do not fit together.</exception>
    public static MultiviewCorrelation Load(string path)
    {
        using ModelArchive archive = ModelArchive.Open(path, Kind, Version);
        long objective = archive.Integers("objective", 1)[0], views = archive.ShapeOf("features", 1)[0], components = archive.ShapeOf("eigenvalues", 1)[0];
        if (objective is not ((long)MultiviewObjective.SumCor or (long)MultiviewObjective.MaxVar)) throw archive.Error("objective", "0 or 1", $"{objective}");
        if (views < 2) throw archive.Error("features", "two views or more", $"{views}");
        long[] features = archive.Integers("features", views), ranks = archive.Integers("ranks", views), rows = archive.Integers("rows", views);
        long columns = RequireCounts(archive, features, ranks, rows);
        if (components < 1 || components > columns) throw archive.Error("eigenvalues", $"1 to {columns} of them", $"{components}");
        double[] eigenvalues = archive.Numbers("eigenvalues", components), correlations = archive.Numbers("correlations", components);
        DenseMatrix[] Matrices(string part, Func<int, long> height) =>
            [.. Enumerable.Range(0, features.Length).Select(v => new DenseMatrix((int)height(v), (int)components, archive.Numbers($"{v}.{part}", height(v), components)))];
        double[][] Vectors(string part) => [.. features.Select((width, v) => archive.Numbers($"{v}.{part}", width))];
        double[][] deviations = Vectors("deviation");
        int negative = Array.FindIndex(deviations, view => Array.Exists(view, value => value < 0));
        if (negative >= 0) throw archive.Error($"{negative}.deviation", "numbers of 0 or more", "a negative one");
        return new(
            (MultiviewObjective)objective, rows, Vectors("mean"), deviations, [.. ranks.Select(rank => (int)rank)], eigenvalues, Matrices("weights", v => features[v]), Matrices("shares", v => features[v]))
        {
            MeanCorrelations = correlations,
            _covariances = Matrices("covariances", _ => columns),
        };
    }

    private static long RequireCounts(ModelArchive archive, long[] features, long[] ranks, long[] rows)
    {
        long columns = 0;
        for (int v = 0; v < features.Length; v++)
        {
            if (features[v] < 1 || features[v] > int.MaxValue - columns) throw archive.Error("features", $"columns that add up to {int.MaxValue} at most", $"{features[v]} of view {v}");
            if (ranks[v] < 1 || ranks[v] > features[v]) throw archive.Error("ranks", $"1 to {features[v]} of view {v}", $"{ranks[v]}");
            if (rows[v] < 2) throw archive.Error("rows", $"two rows or more of view {v}", $"{rows[v]}");
            columns += features[v];
        }

        return columns;
    }

    private static void Add(NpzWriter writer, string name, DenseMatrix matrix) => writer.Add(name, Tensor.Create(matrix.Elements, [matrix.Rows, matrix.Columns]));
}
