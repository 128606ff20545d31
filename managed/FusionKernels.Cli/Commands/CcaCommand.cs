using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>cca</c>: linear canonical correlation of two views.</summary>
internal sealed class CcaCommand : ComputingVerb
{
    /// <summary>Features and components of a table of loadings that people still read.</summary>
    private const int MostShown = 40;

    private readonly Argument<string> _x = new("X")
    {
        Description = $"rows x features of the first view: {MatrixFile.Forms}; or '{SampleViews.Name}', alone, for the bundled tables of Linnerud.",
    };

    private readonly Argument<string?> _y = new("Y") { Description = "rows x features of the second view.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<int?> _components = new("--components")
    {
        Description = "Components that are kept; as many as the rank by default. All correlations are computed and tested.",
        HelpName = "K",
        CustomParser = result => OptionNumber.Integer(result, "--components", 1, int.MaxValue, "one component at least is kept"),
    };

    private readonly Option<double?> _ridge = Number("--ridge", "L", "Added to the diagonal of each view's covariances (correlations, unless --no-scale); 0 by default.");
    private readonly Option<double?> _shrinkage = Number("--shrinkage", "C", "The share of the identity in them, 0 to 1; 0 by default.");
    private readonly Option<bool> _noScale = new("--no-scale") { Description = "Leave columns in their units; by default each is divided by its standard deviation." };

    private readonly Option<int?> _permutations = new("--permutations")
    {
        Description = "Test by so many permutations of the rows of Y, the data as they are among them.",
        HelpName = "N",
        CustomParser = result => OptionNumber.Integer(result, "--permutations", 2, int.MaxValue, "two permutations at least are needed"),
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Where permutations begin.",
        HelpName = "S",
        DefaultValueFactory = _ => 0,
        CustomParser = result => OptionNumber.Integer(result, "--seed", 0, int.MaxValue, "seeds are 0 or more"),
    };

    private readonly Option<string?> _scoresX = File("--scores-x", "U.npy", "Write the variates of X, rows x components, to this .npy file.");
    private readonly Option<string?> _scoresY = File("--scores-y", "V.npy", "Write the variates of Y to this .npy file.");
    private readonly Option<string?> _plot = File("--plot", "C.svg", "Draw the correlations and the rows at their first pair of variates to this .svg file.");
    private readonly Option<string?> _save = File("--save", "M.npz", "Write the model to this .npz file.");

    /// <summary>Declares the verb.</summary>
    public CcaCommand()
        : base(
            "cca",
            "Canonical correlation of the rows of X with those of Y: pairs of weighted sums of columns that correlate the most, with their tests.",
            "cca linnerud",
            "cca images.npy texts.npy --components 5 --ridge 1e-4 --save model.npz",
            "cca x.csv y.csv --permutations 1000 --scores-x u.npy --scores-y v.npy --json")
    {
        Add(_x);
        Add(_y);
        foreach (Option option in (Option[])[_components, _ridge, _shrinkage, _noScale, _permutations, _seed, _scoresX, _scoresY, _plot, _save]) Add(option);
    }

    /// <inheritdoc/>
    protected override bool IsFloat64ByDefault => true;

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        CcaResult result = IsFloat64(arguments)
            ? Compute<double>(arguments, terminal, cancellation)
            : Compute<float>(arguments, terminal, cancellation);
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result);
        return ExitCode.Success;
    }

    private static Option<double?> Number(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => OptionNumber.Finite(result, name),
    };

    private static Option<string?> File(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private CcaResult Compute<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What was typed is checked first, then the files, then the device: each error costs the least.
        string pathX = arguments.GetRequiredValue(_x);
        string? pathY = arguments.GetValue(_y), scoresX = arguments.GetValue(_scoresX), scoresY = arguments.GetValue(_scoresY), plot = arguments.GetValue(_plot), save = arguments.GetValue(_save);
        bool isSample = pathX == SampleViews.Name && pathY is null;
        if (pathY is null && !isSample) throw new UsageException($"cca: name the second view too, or '{SampleViews.Name}' alone for the bundled tables");
        string[] inputs = isSample ? [] : [MatrixFile.PathOf(pathX), MatrixFile.PathOf(pathY!)];
        if (scoresX is not null) OutputFile.RequireKind("--scores-x", scoresX, ".npy", inputs);
        if (scoresY is not null) OutputFile.RequireKind("--scores-y", scoresY, ".npy", inputs);
        if (plot is not null) OutputFile.RequireKind("--plot", plot, ".svg", inputs);
        if (save is not null) OutputFile.RequireKind("--save", save, ".npz", inputs);
        CanonicalCorrelationOptions options = FitOptions(arguments, isSample ? "physiological" : pathX, isSample ? "exercise" : pathY!);
        Tensor<T> x = isSample ? Rounded<T>(SampleViews.Physiological) : MatrixFile.Read<T>(pathX);
        Tensor<T> y = isSample ? Rounded<T>(SampleViews.Exercise) : MatrixFile.Read<T>(pathY!);
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), isSample ? "host" : "auto");
        options = options with { Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        long started = Stopwatch.GetTimestamp();
        CanonicalCorrelation model = terminal.WithProgress("cca", progress => Guarded(() => CanonicalCorrelation.Fit(x, y, options with { Progress = new FractionProgress(progress) })));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        PermutationResult? permutation = arguments.GetValue(_permutations) is { } samples
            ? terminal.WithProgress("permutations", progress => CanonicalCorrelation.PermutationTest(x, y, options, Resampling(arguments, options, samples, progress)))
            : null;
        CcaResult result = CcaResult.Of(model, permutation, device.Description.Name, PrecisionName(typeof(T) == typeof(double)), seconds);
        Tensor<T>? u = scoresX is null && plot is null ? null : model.TransformX(x), v = scoresY is null && plot is null ? null : model.TransformY(y);
        if (scoresX is not null) Npy.Write(scoresX, u!);
        if (scoresY is not null) Npy.Write(scoresY, v!);
        if (plot is not null)
        {
            OutputFile.WriteText(plot, VariatePlot.Svg(
                "Canonical correlation", Path.GetFileName(options.XName), Path.GetFileName(options.YName), result.Correlations, result.Wilks?.Select(step => step.P).ToArray(), VariatePlot.FirstOf(u!), VariatePlot.FirstOf(v!)));
        }

        if (save is not null) model.Save(save);
        return result;
    }

    private CanonicalCorrelationOptions FitOptions(ParseResult arguments, string nameX, string nameY)
    {
        double ridge = arguments.GetValue(_ridge) ?? 0, shrinkage = arguments.GetValue(_shrinkage) ?? 0;
        if (ridge < 0) throw new UsageException($"--ridge {ridge.ToString(CultureInfo.InvariantCulture)}: a ridge is 0 or more");
        if (shrinkage is < 0 or > 1) throw new UsageException($"--shrinkage {shrinkage.ToString(CultureInfo.InvariantCulture)}: shrinkage is 0 to 1");
        return new()
        {
            Components = arguments.GetValue(_components),
            Ridge = ridge,
            Shrinkage = shrinkage,
            Scale = !arguments.GetValue(_noScale),
            XName = nameX,
            YName = nameY,
        };
    }

    private ResamplingOptions Resampling(ParseResult arguments, CanonicalCorrelationOptions fit, int samples, IProgress<Step> progress) => new()
    {
        Samples = samples,
        Seed = arguments.GetValue(_seed),
        Device = fit.Device,
        Threads = fit.Threads,
        Cancellation = fit.Cancellation,
        Progress = new FractionProgress(progress),
    };

    /// <summary>Puts what is wrong with the data into the words of files.</summary>
    private static CanonicalCorrelation Guarded(Func<CanonicalCorrelation> fit)
    {
        try
        {
            return fit();
        }
        catch (ArgumentException exception)
        {
            throw new DataException(Failure.WithoutParameter(exception));
        }
        catch (NumericalException exception)
        {
            throw new DataException(exception.Message);
        }
    }

    private static Tensor<T> Rounded<T>(Tensor<double> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Tensor.CreateFromShape<T>(tensor.Lengths);
        Tensor.ConvertSaturating<double, T>(tensor.AsReadOnlyTensorSpan(), result.AsTensorSpan());
        return result;
    }

    private static void Show(IAnsiConsole console, CcaResult result)
    {
        console.MarkupLineInterpolated($"[bold]{result.FeaturesX} + {result.FeaturesY}[/] features of {result.Rows} rows: rank {result.Rank}, {result.Components} components kept");
        console.MarkupLineInterpolated($"{result.Device}, {result.Precision}: {Units.Seconds(result.Seconds)}; {result.Route}: {result.Reason}; conditions {result.Condition.X:g3}, {result.Condition.Y:g3}");
        Table table = new Table().AddColumns("component", "r", "Wilks", "F", "df", "p");
        if (result.Permutation is not null) table.AddColumn("p by permutation");
        for (int k = 0; k < result.Correlations.Count; k++)
        {
            CcaResult.WilksStep? step = result.Wilks?[k];
            List<string> cells = [$"{k + 1}", Text(result.Correlations[k], "F6")];
            if (step is null) cells.AddRange(["", "", "", ""]);
            else cells.AddRange([Text(step.Lambda, "F8"), Text(step.F, "F4"), $"{Text(step.Df1, "G6")}, {Text(step.Df2, "F3")}", Text(step.P, "G4")]);
            if (result.Permutation is { } permutation) cells.Add(k < permutation.P.Count ? Text(permutation.P[k], "G4") : "");
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
        if (result.Note is { } note) console.MarkupLineInterpolated($"no tests: {note}");
        ShowLoadings(console, "x", result.XLoadings);
        ShowLoadings(console, "y", result.YLoadings);
    }

    private static void ShowLoadings(IAnsiConsole console, string view, double[][] loadings)
    {
        Table table = new Table().Title($"loadings of {view}").AddColumn("feature");
        int shown = Math.Min(loadings.Length, MostShown), components = Math.Min(loadings[0].Length, 10);
        for (int k = 0; k < components; k++) table.AddColumn($"{k + 1}");
        for (int i = 0; i < shown; i++) table.AddRow([$"{i}", .. loadings[i].Take(components).Select(value => Text(value, "F4"))]);
        console.Write(table);
        if (shown < loadings.Length) console.MarkupLineInterpolated($"and {loadings.Length - shown} features more; --json has them all");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
