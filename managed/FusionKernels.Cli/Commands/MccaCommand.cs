using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>mcca</c>: canonical correlation of two files or more, of which rows may lack some.</summary>
internal sealed class MccaCommand : ComputingVerb
{
    private readonly Argument<string[]> _views = new("VIEWS")
    {
        Description = $"Two or more, rows x columns of the same rows: {MatrixFile.Forms}.",
        Arity = new(2, 1000),
    };

    private readonly Option<string?> _objective = new("--objective")
    {
        Description = "maxvar: scores that the rows share, the default; sumcor: covariances of all pairs of views.",
        HelpName = "name",
    };

    private readonly Option<string?> _presence = new("--presence")
    {
        Description = "rows x views: 1 where the row has the view, 0 where it lacks it; what the view holds there, NaN too, is not read.",
        HelpName = "P",
    };

    private readonly Option<int> _components = new("--components")
    {
        Description = "Components; 2 by default.",
        HelpName = "k",
        DefaultValueFactory = _ => 2,
        CustomParser = result => OptionNumber.Integer(result, "--components", 1, int.MaxValue, "one component at least is needed"),
    };

    private readonly Option<double?> _ridge = new("--ridge")
    {
        Description = "lambda of S + lambda I on the covariance of each view (correlations, with --scale); 0 by default.",
        HelpName = "lambda",
        CustomParser = result => OptionNumber.Finite(result, "--ridge"),
    };

    private readonly Option<double?> _shrinkage = new("--shrinkage")
    {
        Description = "c of (1 - c) S + c I, 0 to 1; 0 by default.",
        HelpName = "c",
        CustomParser = result => OptionNumber.Finite(result, "--shrinkage"),
    };

    private readonly Option<bool> _scale = new("--scale") { Description = "Divide each column by its standard deviation first; by default columns stay in their units." };
    private readonly Option<string?> _scores = new("--scores") { Description = "Write the shared scores of the rows to this .npy file.", HelpName = "G.npy" };
    private readonly Option<string?> _save = new("--save") { Description = "Write the model to this .npz file.", HelpName = "M.npz" };

    /// <summary>Declares the verb.</summary>
    public MccaCommand()
        : base(
            "mcca",
            "Canonical correlation of two views or more of the same rows: MAXVAR (GCCA) or SUMCOR (MCCA), with views that rows may lack.",
            "mcca a.npy b.npy c.npy --components 3",
            "mcca a.csv b.csv c.csv --objective sumcor --shrinkage 0.1 --json",
            "mcca a.npy b.npy c.npy --presence p.npy --scores g.npy --save m.npz")
    {
        _objective.AcceptOnlyFromAmong("maxvar", "sumcor");
        Add(_views);
        foreach (Option option in new Option[] { _objective, _presence, _components, _ridge, _shrinkage, _scale, _scores, _save }) Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        MccaResult result = IsFloat64(arguments) ? Compute<double>(arguments, terminal, cancellation) : Compute<float>(arguments, terminal, cancellation);
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result);
        return ExitCode.Success;
    }

    private static void Show(IAnsiConsole console, MccaResult result)
    {
        console.MarkupLineInterpolated($"[bold]{result.Columns.Count} views of {result.Rows} rows[/], {result.Objective}: ranks {string.Join(", ", result.Ranks)}; rows with each view {string.Join(", ", result.PresentRows)}");
        Table table = new();
        table.AddColumns("component", "eigenvalue", "mean correlation");
        for (int k = 0; k < result.Eigenvalues.Count; k++)
        {
            table.AddRow($"{k + 1}", result.Eigenvalues[k].ToString("F6", CultureInfo.InvariantCulture), result.MeanCorrelations[k].ToString("F6", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.MarkupLineInterpolated($"host, {result.Precision}: {Units.Seconds(result.Seconds)}");
    }

    private MccaResult Compute<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double ridge = arguments.GetValue(_ridge) ?? 0, shrinkage = arguments.GetValue(_shrinkage) ?? 0;
        if (ridge < 0) throw new UsageException(FormattableString.Invariant($"--ridge {ridge}: a number of 0 or more is needed"));
        if (shrinkage is < 0 or > 1) throw new UsageException(FormattableString.Invariant($"--shrinkage {shrinkage}: a number from 0 to 1 is needed"));
        string objective = arguments.GetValue(_objective) ?? "maxvar";
        string[] paths = arguments.GetRequiredValue(_views);
        string? scores = arguments.GetValue(_scores), save = arguments.GetValue(_save), presence = arguments.GetValue(_presence);
        string[] inputs = [.. paths.Select(MatrixFile.PathOf)];
        if (scores is not null) OutputFile.RequireKind(_scores.Name, scores, ".npy", inputs);
        if (save is not null) OutputFile.RequireKind(_save.Name, save, ".npz", inputs);
        Tensor<T>[] views = [.. paths.Select(path => MatrixFile.Read<T>(path, mayHaveGaps: presence is not null))];
        for (int v = 1; v < views.Length; v++)
        {
            if (views[v].Lengths[0] != views[0].Lengths[0]) throw new DataException($"{paths[0]} has {views[0].Lengths[0]} rows, {paths[v]} has {views[v].Lengths[0]}: row i of all must be the same thing");
        }

        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        MultiviewCorrelationOptions options = new()
        {
            Objective = objective == "sumcor" ? MultiviewObjective.SumCor : MultiviewObjective.MaxVar,
            Components = arguments.GetValue(_components),
            Ridge = ridge,
            Shrinkage = shrinkage,
            Scale = arguments.GetValue(_scale),
            Presence = presence is null ? null : ReadPresence(presence, views),
            Device = device,
            Threads = arguments.GetValue(Threads),
            Cancellation = cancellation,
        };
        long started = Stopwatch.GetTimestamp();
        MultiviewCorrelation model = terminal.WithProgress("mcca", progress => MultiviewCorrelation.Fit(views, options with { Progress = new FractionProgress(progress) }));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (scores is not null) Npy.Write(scores, model.SharedScores!);
        if (save is not null) model.Save(save);
        return new(
            objective,
            (int)views[0].Lengths[0],
            [.. views.Select(view => (int)view.Lengths[1])],
            model.Ranks,
            model.PresentRows,
            model.Eigenvalues,
            model.MeanCorrelations,
            PrecisionName(typeof(T) == typeof(double)),
            seconds);
    }

    private static Tensor<bool> ReadPresence<T>(string path, Tensor<T>[] views)
    {
        Tensor<double> values = MatrixFile.Read<double>(path);
        nint rows = views[0].Lengths[0];
        if (values.Lengths[0] != rows || values.Lengths[1] != views.Length) throw new DataException($"{path} is {values.Lengths[0]} x {values.Lengths[1]}; for {rows} rows of {views.Length} views it must be {rows} x {views.Length}");
        bool[] present = new bool[values.FlattenedLength];
        for (int i = 0; i < rows; i++)
        {
            for (int v = 0; v < views.Length; v++)
            {
                double value = values[i, v];
                if (value is not (0 or 1)) throw new DataException(FormattableString.Invariant($"{path}: row {i}, view {v} (from 0) is {value}; 1 or 0 is needed"));
                present[(i * views.Length) + v] = value == 1;
            }
        }

        return Tensor.Create(present, [rows, views.Length]);
    }
}
