using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <content>Files.</content>
public sealed partial class CanonicalCorrelation
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "fusionkernels.canonical-correlation";
    private const long Version = 1;

    /// <summary>Writes the model to an .npz file, which appears when it is complete.</summary>
    /// <remarks>
    /// Version 1, arrays of float64 unless said otherwise, for each view s of x and y: <c>fusionkernels.canonical-correlation</c>
    /// (int64: the version), <c>fit</c> (int64: rows, rank of x, rank of y, route, 1 where regularised), <c>correlations</c>,
    /// <c>condition</c> (x, y), <c>s.mean</c>, <c>s.deviation</c>, <c>s.weights</c>, <c>s.own</c> and <c>s.cross</c>
    /// (covariances of the columns with the view's own and with the other view's variates: features x components).
    /// </remarks>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using NpzWriter writer = ModelArchive.Create(path, Kind, Version);
        writer.Add("fit", Tensor.Create([Rows, XRank, YRank, (long)Route, IsRegularised ? 1L : 0], [5]));
        Add(writer, "correlations", _solution.Correlations);
        Add(writer, "condition", _solution.Conditions);
        for (int view = 0; view < 2; view++)
        {
            string name = ViewNames[view];
            Add(writer, $"{name}.mean", _solution.Means[view]);
            Add(writer, $"{name}.deviation", _solution.Deviations[view]);
            writer.Add($"{name}.weights", Copy(_solution.Weights[view]));
            writer.Add($"{name}.own", Copy(_solution.Own[view]));
            writer.Add($"{name}.cross", Copy(_solution.Cross[view]));
        }

        writer.Complete();
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model; <see cref="RouteReason"/> names the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind or version, or its arrays do not fit together.</exception>
    public static CanonicalCorrelation Load(string path)
    {
        using ModelArchive archive = ModelArchive.Open(path, Kind, Version);
        long[] fit = archive.Integers("fit", 5);
        long count = archive.ShapeOf("correlations", 1)[0];
        double[] correlations = archive.Numbers("correlations", count);
        double[] conditions = archive.Numbers("condition", 2);
        IReadOnlyList<long>[] shapes = [archive.ShapeOf("x.weights", 2), archive.ShapeOf("y.weights", 2)];
        RequireConsistent(archive, fit, correlations, shapes);
        DenseMatrix[] Matrices(string part) => [.. ViewNames.Select((name, view) => Matrix(archive, $"{name}.{part}", shapes[view]))];
        double[][] Vectors(string part) => [.. ViewNames.Select((name, view) => archive.Numbers($"{name}.{part}", shapes[view][0]))];
        CorrelationSolution solution = new()
        {
            Correlations = correlations,
            Weights = Matrices("weights"),
            Own = Matrices("own"),
            Cross = Matrices("cross"),
            Means = Vectors("mean"),
            Deviations = Vectors("deviation"),
            Ranks = [(int)fit[1], (int)fit[2]],
            Conditions = conditions,
            Plan = new((CorrelationRoute)fit[3], $"read from {path}"),
            Rows = fit[0],
        };
        return new(solution, fit[4] == 1);
    }

    private static readonly string[] ViewNames = ["x", "y"];

    private static void Add(NpzWriter writer, string name, double[] values) => writer.Add(name, Tensor.Create((double[])values.Clone(), [values.Length]));

    private static DenseMatrix Matrix(ModelArchive archive, string name, IReadOnlyList<long> shape) =>
        new((int)shape[0], (int)shape[1], archive.Numbers(name, shape[0], shape[1]));

    private static void RequireConsistent(ModelArchive archive, long[] fit, double[] correlations, IReadOnlyList<long>[] shapes)
    {
        for (int view = 0; view < 2; view++)
        {
            string name = $"{ViewNames[view]}.weights";
            if (shapes[view][0] is < 1 or > int.MaxValue) throw archive.Error(name, "features in its first dimension", $"{shapes[view][0]}");
            if (shapes[view][1] != shapes[0][1]) throw archive.Error(name, $"{shapes[0][1]} components, as in x", $"{shapes[view][1]}");
            if (fit[1 + view] < 1 || fit[1 + view] > shapes[view][0]) throw archive.Error("fit", $"a rank of 1 to {shapes[view][0]}", $"{fit[1 + view]}");
        }

        long components = shapes[0][1];
        if (components < 1 || components > correlations.Length) throw archive.Error("x.weights", $"1 to {correlations.Length} components", $"{components}");
        if (correlations.Length > Math.Min(fit[1], fit[2])) throw archive.Error("correlations", $"at most {Math.Min(fit[1], fit[2])} of them", $"{correlations.Length}");
        int wrong = Array.FindIndex(correlations, r => r is < 0 or > 1);
        if (wrong >= 0) throw archive.Error("correlations", "numbers from 0 to 1", $"{correlations[wrong]}");
        if (fit[0] < 2) throw archive.Error("fit", "two rows or more", $"{fit[0]}");
        if (fit[3] is < 0 or > int.MaxValue || !Enum.IsDefined((CorrelationRoute)fit[3]) || fit[4] is not (0 or 1)) throw archive.Error("fit", "a known route and 0 or 1", $"{fit[3]}, {fit[4]}");
    }
}
