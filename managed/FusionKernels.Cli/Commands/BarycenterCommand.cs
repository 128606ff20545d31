using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>barycenter</c>: the mean of a set of series under time warping.</summary>
internal sealed class BarycenterCommand : GenericVerb
{
    private const string Dba = "dba", Subgradient = "subgradient", Soft = "soft", Medoid = "medoid";

    private static readonly (string Name, BarycenterStart Start)[] s_starts =
        [("mean", BarycenterStart.Mean), ("stretched-mean", BarycenterStart.StretchedMean), ("medoid", BarycenterStart.Medoid)];

    private readonly Argument<string> _x = new("X") { Description = $"A set of series: {SeriesFile.SetForms}." };

    private readonly Option<string> _output = new("--output")
    {
        Description = "The .npy or .csv file to write: time x channels.",
        HelpName = "B.npy",
        Required = true,
    };

    private readonly Option<string> _method = new("--method")
    {
        Description = "dba (the default), subgradient, soft (of soft dynamic time warping), or medoid (the member nearest to all).",
        HelpName = "name",
        DefaultValueFactory = _ => Dba,
    };

    private readonly Option<double?> _gamma = new("--gamma")
    {
        Description = "For soft: the smoothing, above 0; 1 by default.",
        HelpName = "g",
        CustomParser = result => OptionNumber.Finite(result, "--gamma"),
    };

    private readonly Option<string?> _class = new("--class")
    {
        Description = "Only the series of this class.",
        HelpName = "label",
    };

    private readonly Option<int?> _length = new("--length")
    {
        Description = "Samples of the barycentre; those of the longest series by default.",
        HelpName = "n",
        CustomParser = result => OptionNumber.Integer(result, "--length", 1, int.MaxValue, "a barycentre has 1 sample or more"),
    };

    private readonly Option<double[]?> _weights = new("--weights")
    {
        Description = "What each series counts, 0 or more, in the order of the file; all the same by default.",
        HelpName = "w1,w2,...",
        CustomParser = ParseWeights,
    };

    private readonly Option<string?> _start = new("--start")
    {
        Description = $"Where to start: {string.Join(", ", s_starts.Select(one => one.Name))}.",
        HelpName = "name",
    };

    private readonly Option<int> _iterations = new("--iterations")
    {
        Description = "At most so many iterations; 30 by default.",
        HelpName = "n",
        DefaultValueFactory = _ => 30,
        CustomParser = result => OptionNumber.Integer(result, "--iterations", 0, int.MaxValue, "a number of iterations is 0 or more"),
    };

    private readonly WindowOptions _window = new();
    private readonly MissingOption _missing = new();

    /// <summary>Declares the verb.</summary>
    public BarycenterCommand()
        : base(
            "barycenter",
            "The series that is closest to all series of a set under dynamic time warping of squared costs, or soft dynamic time warping.",
            float64ByDefault: false,
            "barycenter train.ts --class 1 --output mean.csv",
            "barycenter series.npy --method soft --gamma 0.1 --output mean.npy --json",
            "barycenter series.csv --weights 2,1,1 --output mean.csv",
            "barycenter series.csv --start medoid --window-fraction 0.1 --length 100 --output mean.npy")
    {
        _method.AcceptOnlyFromAmong(Dba, Subgradient, Soft, Medoid);
        _start.AcceptOnlyFromAmong([.. s_starts.Select(one => one.Name)]);
        Add(_x);
        Add(_output);
        Add(_method);
        Add(_gamma);
        Add(_class);
        Add(_weights);
        Add(_length);
        Add(_start);
        Add(_iterations);
        foreach (Option option in _window.All) Add(option);
        Add(_missing);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string method = arguments.GetRequiredValue(_method);
        WarpingWindow window = _window.Read(arguments) ?? WarpingWindow.None;
        MissingSamples missing = _missing.Read(arguments);
        RequireFit(arguments, method);
        string path = arguments.GetRequiredValue(_x), output = arguments.GetRequiredValue(_output);
        bool isText = Path.GetExtension(output).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        OutputFile.RequireKind("--output", output, isText ? ".csv" : ".npy", path);
        IReadOnlyList<Tensor<T>> series = Members(SeriesFile.ReadSet<T>(path, missing), path, arguments.GetValue(_class));

        // An option of several values that was not typed is empty.
        double[]? weights = arguments.GetValue(_weights) is { Length: > 0 } typed ? typed : null;
        if (weights is not null && weights.Length != series.Count) throw new DataException($"--weights: {weights.Length} weights for {series.Count} series of {path}; each needs one");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        long started = Stopwatch.GetTimestamp();
        BarycenterResult<T> found = terminal.WithProgress($"barycenter, {method}", progress =>
        {
            BarycenterOptions options = method == Soft ? new SoftBarycenterOptions { Gamma = arguments.GetValue(_gamma) ?? 1 }
                : new DbaOptions { Method = method == Subgradient ? DbaMethod.Subgradient : DbaMethod.MajorizeMinimize };
            options = options with
            {
                Window = window,
                Missing = missing,
                Weights = weights,
                Length = arguments.GetValue(_length) ?? 0,
                Start = s_starts.FirstOrDefault(one => one.Name == arguments.GetValue(_start)).Start,
                Iterations = arguments.GetValue(_iterations),
                Device = device,
                Threads = arguments.GetValue(Threads),
                Cancellation = cancellation,
                Progress = new FractionProgress(progress),
            };
            return Compute(series, method, options);
        });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (isText) Csv.Write(output, found.Series);
        else Npy.Write(output, found.Series);
        (bool skips, string name) = (missing == MissingSamples.Skip, device.Description.Name);
        string ran = $"{name}: {Units.Seconds(seconds)}{(skips ? $", {found.SkippedValues} missing values skipped" : "")}";
        if (!arguments.GetValue(Json)) Show(terminal.Console, found, series.Count, ran, output);
        else if (skips) terminal.WriteJson(new { cost = found.Cost, iterations = found.Iterations, converged = found.Converged, device = name, seconds, skippedValues = found.SkippedValues });
        else terminal.WriteJson(new { cost = found.Cost, iterations = found.Iterations, converged = found.Converged, device = name, seconds });
    }

    private static BarycenterResult<T> Compute<T>(IReadOnlyList<Tensor<T>> series, string method, BarycenterOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options is SoftBarycenterOptions soft) return Barycenter.Soft(series, soft);
        DbaOptions dba = (DbaOptions)options;
        if (method != Medoid) return Barycenter.Dba(series, dba);
        int medoid = Barycenter.Medoid(series, new() { Root = false, Window = dba.Window, Device = dba.Device, Threads = dba.Threads, Cancellation = dba.Cancellation, Progress = dba.Progress }, dba.Weights);
        return Barycenter.Dba(series, dba with { Iterations = 0 }, start: series[medoid]);
    }

    private static double[]? ParseWeights(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        string[] parts = text.Split(',');
        double[] weights = new double[parts.Length];
        bool areWeights = true;
        for (int i = 0; i < weights.Length; i++)
        {
            areWeights &= double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out weights[i]) && weights[i] >= 0 && double.IsFinite(weights[i]);
        }

        if (!areWeights || weights.Sum() == 0) result.AddError($"--weights {text}: finite numbers of 0 or more, not all 0, one for each series, as in 2,1,0.5");
        return weights;
    }

    private void RequireFit(ParseResult arguments, string method)
    {
        if (arguments.GetValue(_gamma) is { } gamma)
        {
            if (method != Soft) throw new UsageException($"--gamma is for --method soft, not for {method}");
            if (gamma <= 0) throw new UsageException(FormattableString.Invariant($"--gamma {gamma}: a number above 0 is needed"));
        }

        if (method != Medoid) return;
        foreach (Option option in new Option[] { _length, _start, _iterations, _missing })
        {
            if (arguments.GetResult(option) is { Implicit: false }) throw new UsageException($"--method medoid does not take {option.Name}: it chooses one of the series as it is");
        }
    }

    private static IReadOnlyList<Tensor<T>> Members<T>(TimeSeriesSet<T> set, string path, string? label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (label is null) return set.Series;
        if (set.Labels is not { } labels) throw new DataException($"{path} has no class labels; leave --class out");
        Tensor<T>[] members = [.. Enumerable.Range(0, set.Count).Where(i => labels[i] == label).Select(i => set.Series[i])];
        return members.Length > 0 ? members : throw new DataException($"{path} has no series of class '{label}'; it has {string.Join(", ", labels.Names)}{NearestName.Hint(label, labels.Names)}");
    }

    private static void Show<T>(IAnsiConsole console, BarycenterResult<T> found, int members, string ran, string output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string end = found.Iterations == 0 ? "" : found.Converged ? $", settled after {found.Iterations} iterations" : $", not settled after {found.Iterations} iterations";
        string cost = found.Cost.ToString("G6", CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{found.Series.Lengths[0]} samples[/] for {members} series: mean cost {cost}{end}");
        console.MarkupLineInterpolated($"{ran}");
        console.MarkupLineInterpolated($"written to [green]{output}[/]");
    }
}
