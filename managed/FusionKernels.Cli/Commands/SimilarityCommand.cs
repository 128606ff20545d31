using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>similarity</c>: matches the rows of two sets, raw or in a learned space, and tells how well they find each other.</summary>
internal sealed class SimilarityCommand : ComputingVerb
{
    private readonly Argument<string> _a = new("A") { Description = $"rows x features: {MatrixFile.Forms}." };
    private readonly Argument<string> _b = new("B") { Description = "Another set of the same features, or of the model's second view." };
    private readonly Option<string?> _model = new("--model") { Description = $"Project A and B first, with this model of {SavedAligner<float>.Forms}.", HelpName = "M" };

    private readonly Option<string> _metric = new("--metric")
    {
        Description = "cosine, centered-cosine (each side about its own mean), dot or rbf.",
        HelpName = "name",
        DefaultValueFactory = _ => "cosine",
    };

    private readonly Option<double?> _gamma = new("--gamma")
    {
        Description = "Of rbf: the factor of the squared distance, above 0; 1 / features by default.",
        HelpName = "g",
        CustomParser = result => OptionNumber.Finite(result, "--gamma"),
    };

    private readonly Option<int?> _top = new("--top")
    {
        Description = "Pairs: the K most similar rows of B for every row of A. Without it, the rows that choose each other.",
        HelpName = "K",
        CustomParser = result => OptionNumber.Integer(result, "--top", 1, int.MaxValue, "one neighbour at least is needed"),
    };

    private readonly Option<bool> _assign = new("--assign") { Description = "Pairs: the one-to-one assignment of the greatest similarity in all." };

    private readonly Option<double?> _sinkhorn = new("--sinkhorn")
    {
        Description = "Pairs: where most of each row's mass goes under transport with this regularisation, above 0.",
        HelpName = "eps",
        CustomParser = result => OptionNumber.Finite(result, "--sinkhorn"),
    };

    private readonly Option<string?> _labelsA = new("--labels-a") { Description = $"The label of each row of A: {LabelFile.Forms}. What shares a label is relevant.", HelpName = "L" };
    private readonly Option<string?> _labelsB = new("--labels-b") { Description = "The label of each row of B.", HelpName = "L" };
    private readonly Option<string?> _output = new("--output") { Description = "Write all similarities, rows of A x rows of B, to this .npy file.", HelpName = "S.npy" };
    private readonly Option<string?> _plot = new("--plot") { Description = "Draw them, ordered by label, with the pairs marked, to this .svg file.", HelpName = "S.svg" };

    /// <summary>Declares the verb.</summary>
    public SimilarityCommand()
        : base(
            "similarity",
            "Match the rows of A with those of B, and tell how well they find each other: by labels, or row i by row i where both have as many.",
            "similarity images.npy texts.npy --model cca.npz --labels-a classes.csv --labels-b classes.csv",
            "similarity a.npy b.npy --metric centered-cosine --assign --plot s.svg",
            "similarity a.csv b.csv --metric rbf --gamma 0.1 --top 5 --output s.npy --json")
    {
        _metric.AcceptOnlyFromAmong("cosine", "centered-cosine", "dot", "rbf");
        Add(_a);
        Add(_b);
        foreach (Option option in (Option[])[_model, _metric, _gamma, _top, _assign, _sinkhorn, _labelsA, _labelsB, _output, _plot]) Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        SimilarityResult result = IsFloat64(arguments) ? Compute<double>(arguments, terminal, cancellation) : Compute<float>(arguments, terminal, cancellation);
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result, arguments.GetValue(_output), arguments.GetValue(_plot));
        return ExitCode.Success;
    }

    private static void Show(IAnsiConsole console, SimilarityResult result, params ReadOnlySpan<string?> files)
    {
        console.MarkupLineInterpolated($"[bold]{result.Rows} x {result.Columns}[/] {result.Metric} similarities of {result.Features} features");
        console.MarkupLineInterpolated($"{result.Device}, {result.Precision}: {Units.Seconds(result.Seconds)}");
        if (result.Relevance is null) console.MarkupLine("nothing says what belongs together: the sets differ in rows and no labels were given");
        else ShowRetrieval(console, result);
        string recovered = result.Recovered is { } share ? $", {Figure(100 * share)} % of them right" : "";
        string total = result.Total is { } sum ? $", {Figure(sum)} in all" : "";
        console.MarkupLineInterpolated($"{result.Pairs.Count} pairs ({result.Matching}){recovered}{total}");
        if (result.Transport is { } transport)
        {
            console.MarkupLineInterpolated(
                $"transport: {(transport.Converged ? "converged" : "[NOT converged]")} after {transport.Iterations} iterations, masses off by {Figure(transport.RowError)} and {Figure(transport.ColumnError)}");
        }

        foreach (string? file in files)
        {
            if (file is not null) console.MarkupLineInterpolated($"written to [green]{file}[/]");
        }
    }

    private static void ShowRetrieval(IAnsiConsole console, SimilarityResult result)
    {
        console.MarkupLine(result.Relevance == "labels" ? "relevant is what shares a label" : "relevant is row i of B to row i of A, for no labels were given");
        Table table = new Table().AddColumns("", "mAP", "R@1", "R@5", "R@10", "median rank");
        table.AddRow("A finds B", Figure(result.Map!.AToB), Figure(result.RecallAt1!.AToB), Figure(result.RecallAt5!.AToB), Figure(result.RecallAt10!.AToB), Figure(result.MedianRank!.AToB));
        table.AddRow("B finds A", Figure(result.Map.BToA), Figure(result.RecallAt1.BToA), Figure(result.RecallAt5.BToA), Figure(result.RecallAt10.BToA), Figure(result.MedianRank.BToA));
        console.Write(table);
    }

    private static string Figure(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private SimilarityResult Compute<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SimilarityMetric metric = ReadMetric(arguments);
        RequireOneMatching(arguments);
        string pathA = arguments.GetRequiredValue(_a), pathB = arguments.GetRequiredValue(_b);
        string? output = arguments.GetValue(_output), plot = arguments.GetValue(_plot);
        if (output is not null) OutputFile.RequireKind(_output.Name, output, ".npy", MatrixFile.PathOf(pathA), MatrixFile.PathOf(pathB));
        if (plot is not null) OutputFile.RequireKind(_plot.Name, plot, ".svg", MatrixFile.PathOf(pathA), MatrixFile.PathOf(pathB));
        string? model = arguments.GetValue(_model);
        if (model is not null) InputFile.Require(model);
        Tensor<T> a = ReadRows<T>(pathA), b = ReadRows<T>(pathB);
        if (model is null && a.Lengths[1] != b.Lengths[1])
        {
            throw new DataException($"{pathA} has {a.Lengths[1]} features, {pathB} has {b.Lengths[1]}: compare them in a learned space, with --model of {SavedAligner<T>.Forms}");
        }

        int rows = (int)a.Lengths[0], columns = (int)b.Lengths[0];
        (ClassLabels A, ClassLabels B)? labels = ReadLabels(arguments, rows, columns);
        if (arguments.GetValue(_top) > columns) throw new UsageException($"--top {arguments.GetValue(_top)}: {pathB} has {columns} rows");

        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double));
        if (model is not null) (a, b) = Projected(SavedAligner<T>.Load(model, device), model, (pathA, a), (pathB, b));
        GramOptions options = new() { Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        long started = Stopwatch.GetTimestamp();
        bool stores = output is not null || plot is not null || arguments.GetValue(_assign) || arguments.GetValue(_sinkhorn) is not null;
        Tensor<T>? similarities = stores ? SimilarityMatrix.Compute(a, b, metric, options) : null;
        RetrievalResult? retrieval = labels is { } both ? Retrieval.Evaluate(a, b, metric, [.. both.A.Indices], [.. both.B.Indices], options)
            : rows == columns ? Retrieval.Evaluate(a, b, metric, options) : null;
        SimilarityMatching matching = SimilarityMatching.Find(
            a, b, metric, similarities, arguments.GetValue(_top), arguments.GetValue(_assign), arguments.GetValue(_sinkhorn), options);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        if (output is not null) Npy.Write(output, similarities!);
        if (plot is not null)
        {
            OutputFile.WriteText(plot, SimilarityPlot.Svg($"{metric} similarity", Titled(pathA, rows), Titled(pathB, columns), similarities!, labels, matching.Pairs, matching.Name));
        }

        double? recovered = retrieval is null || matching.Pairs.Count == 0 ? null
            : matching.Pairs.Count(pair => labels is { } known ? known.A.Indices[pair.A] == known.B.Indices[pair.B] : pair.A == pair.B) / (double)matching.Pairs.Count;
        return new(
            rows, columns, (int)a.Lengths[1], metric.ToString(), labels is not null ? "labels" : retrieval is not null ? "rows" : null,
            BothWays.Of(retrieval, one => one.MeanAveragePrecision), BothWays.Of(retrieval, one => one.RecallAt1), BothWays.Of(retrieval, one => one.RecallAt5),
            BothWays.Of(retrieval, one => one.RecallAt10), BothWays.Of(retrieval, one => one.MedianRank),
            matching.Name, matching.Pairs, recovered, matching.Total, matching.Transport, device.Description.Name, PrecisionName(typeof(T) == typeof(double)), seconds);
    }

    private SimilarityMetric ReadMetric(ParseResult arguments)
    {
        string name = arguments.GetRequiredValue(_metric);
        double? gamma = arguments.GetValue(_gamma);
        if (gamma is not null && name != "rbf") throw new UsageException($"--gamma is of rbf; {name} takes none");
        if (gamma <= 0) throw new UsageException(FormattableString.Invariant($"--gamma {gamma}: a number above 0 is needed"));
        return name switch
        {
            "cosine" => SimilarityMetric.Cosine,
            "centered-cosine" => SimilarityMetric.CenteredCosine,
            "dot" => SimilarityMetric.DotProduct,
            _ => SimilarityMetric.Rbf(gamma),
        };
    }

    private void RequireOneMatching(ParseResult arguments)
    {
        List<string> asked = [];
        if (arguments.GetValue(_top) is not null) asked.Add(_top.Name);
        if (arguments.GetValue(_assign)) asked.Add(_assign.Name);
        if (arguments.GetValue(_sinkhorn) is { } epsilon)
        {
            asked.Add(_sinkhorn.Name);
            if (epsilon <= 0) throw new UsageException(FormattableString.Invariant($"--sinkhorn {epsilon}: a number above 0 is needed"));
        }

        if (asked.Count > 1) throw new UsageException($"{string.Join(" and ", asked)} are different pairs; ask for one of them");
        if (arguments.GetValue(_labelsA) is null != arguments.GetValue(_labelsB) is null) throw new UsageException("--labels-a and --labels-b go together; one is missing");
    }

    private static Tensor<T> ReadRows<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> rows = MatrixFile.Read<T>(path);
        return rows.Lengths[0] > 0 && rows.Lengths[1] > 0 ? rows : throw new DataException($"{path} is {rows.Lengths[0]} x {rows.Lengths[1]}: there is nothing to compare");
    }

    /// <summary>Both sides in the space of a model; which side does not fit it is told.</summary>
    private static (Tensor<T> A, Tensor<T> B) Projected<T>(SavedAligner<T> aligner, string model, (string Path, Tensor<T> Rows) a, (string Path, Tensor<T> Rows) b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return (Side(a.Path, a.Rows, aligner.TransformA, "first"), Side(b.Path, b.Rows, aligner.TransformB, "second"));

        Tensor<T> Side(string path, Tensor<T> rows, Func<Tensor<T>, Tensor<T>> transform, string view)
        {
            try
            {
                return transform(rows);
            }
            catch (ArgumentException refused)
            {
                throw new DataException($"{path} as the {view} view of {model}: {Failure.WithoutParameter(refused)}");
            }
        }
    }

    private (ClassLabels A, ClassLabels B)? ReadLabels(ParseResult arguments, int rows, int columns) =>
        arguments.GetValue(_labelsA) is { } labelsA ? LabelFile.ReadBoth(labelsA, rows, arguments.GetValue(_labelsB)!, columns) : null;

    private static string Titled(string path, int rows) => $"{Path.GetFileName(path)}, {rows} rows";
}
