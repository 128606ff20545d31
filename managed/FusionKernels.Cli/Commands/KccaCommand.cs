using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>kcca</c>: kernel canonical correlation of two files.</summary>
internal sealed class KccaCommand : ComputingVerb
{
    private const int DefaultRank = 100;

    private readonly Argument<string> _x = new("X") { Description = $"rows x features: {MatrixFile.Forms}." };
    private readonly Argument<string> _y = new("Y") { Description = "The other view of the same rows." };
    private readonly KernelOptions _kernel = new();

    private readonly Option<double?> _regularization = new("--regularization")
    {
        Description = "kappa of the regulariser; 0.1 by default.",
        HelpName = "kappa",
        CustomParser = result => OptionNumber.Finite(result, "--regularization"),
    };

    private readonly Option<string?> _regularizer = new("--regularizer")
    {
        Description = "hardoon: (1-kappa) K^2/(n-1) + kappa K, the default; bach-jordan: (K + n kappa/2 I)^2; fukumizu: K^2/(n-1) + kappa K.",
        HelpName = "kind",
    };

    private readonly Option<int> _components = new("--components")
    {
        Description = "Components; 2 by default.",
        HelpName = "k",
        DefaultValueFactory = _ => 2,
        CustomParser = result => OptionNumber.Integer(result, "--components", 1, int.MaxValue, "one component at least is needed"),
    };

    private readonly Option<string?> _approximation = new("--approximation")
    {
        Description = "dense, the default; cholesky, nystrom or fourier: low-rank factors, linear in rows.",
        HelpName = "route",
    };

    private readonly Option<int> _rank = new("--rank")
    {
        Description = "Columns of low-rank factors; 100 by default.",
        HelpName = "m",
        DefaultValueFactory = _ => DefaultRank,
        CustomParser = result => OptionNumber.Integer(result, "--rank", 1, int.MaxValue, "a rank of one at least is needed"),
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of nystrom and fourier; 0 by default.",
        HelpName = "n",
        DefaultValueFactory = _ => 0,
        CustomParser = result => OptionNumber.Integer(result, "--seed", 0, int.MaxValue, "seeds begin at 0"),
    };

    private readonly Option<string?> _scoresX = new("--scores-x") { Description = "Write the variates of X to this .npy file.", HelpName = "U.npy" };
    private readonly Option<string?> _scoresY = new("--scores-y") { Description = "Write the variates of Y to this .npy file.", HelpName = "V.npy" };
    private readonly Option<string?> _save = new("--save") { Description = "Write the model to this .npz file, for 'similarity --model'.", HelpName = "M.npz" };
    private readonly Option<string?> _plot = new("--plot") { Description = "Draw the correlations of the variates and the rows at their first pair to this .svg file.", HelpName = "K.svg" };

    /// <summary>Declares the verb.</summary>
    public KccaCommand()
        : base(
            "kcca",
            "Kernel canonical correlation of the rows of X and Y under one kernel, or of two Gram matrices (--kernel precomputed).",
            "kcca x.npy y.npy --kernel rbf --gamma 0.1 --components 3 --save m.npz",
            "kcca x.csv y.csv --kernel linear --regularizer fukumizu --regularization 0.01 --precision float64 --json",
            "kcca x.npy y.npy --kernel laplacian --approximation cholesky --rank 200 --scores-x u.npy --scores-y v.npy")
    {
        _regularizer.AcceptOnlyFromAmong("hardoon", "bach-jordan", "fukumizu");
        _approximation.AcceptOnlyFromAmong("dense", "cholesky", "nystrom", "fourier");
        Add(_x);
        Add(_y);
        _kernel.AddTo(this);
        foreach (Option option in new Option[] { _regularization, _regularizer, _components, _approximation, _rank, _seed, _scoresX, _scoresY, _save, _plot }) Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        KccaResult result = IsFloat64(arguments) ? Compute<double>(arguments, terminal, cancellation) : Compute<float>(arguments, terminal, cancellation);
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result);
        return ExitCode.Success;
    }

    private static void Show(IAnsiConsole console, KccaResult result)
    {
        console.MarkupLineInterpolated($"[bold]{result.Rows} rows[/], {result.Kernel}, {result.Route}: ranks {result.RankX} and {result.RankY}");
        Table table = new();
        table.AddColumns("component", "correlation", "of the variates");
        for (int k = 0; k < result.Correlations.Count; k++)
        {
            table.AddRow($"{k + 1}", result.Correlations[k].ToString("F6", CultureInfo.InvariantCulture), result.TrainingCorrelations[k].ToString("F6", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        console.MarkupLineInterpolated($"{result.Device}, {result.Precision}: {Units.Seconds(result.Seconds)}; {result.Regularizer}, kappa {result.Regularization.ToString(CultureInfo.InvariantCulture)}");
    }

    private KccaResult Compute<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Kernel? kernel = _kernel.Make<T>(arguments);
        KernelCanonicalCorrelationOptions options = ReadOptions(arguments, kernel) with { Cancellation = cancellation };
        string pathX = arguments.GetRequiredValue(_x), pathY = arguments.GetRequiredValue(_y);
        string? scoresX = arguments.GetValue(_scoresX), scoresY = arguments.GetValue(_scoresY), save = arguments.GetValue(_save), plot = arguments.GetValue(_plot);
        if (scoresX is not null) OutputFile.RequireKind(_scoresX.Name, scoresX, ".npy", MatrixFile.PathOf(pathX), MatrixFile.PathOf(pathY));
        if (scoresY is not null) OutputFile.RequireKind(_scoresY.Name, scoresY, ".npy", MatrixFile.PathOf(pathX), MatrixFile.PathOf(pathY));
        if (save is not null) OutputFile.RequireKind(_save.Name, save, ".npz", MatrixFile.PathOf(pathX), MatrixFile.PathOf(pathY));
        if (plot is not null) OutputFile.RequireKind(_plot.Name, plot, ".svg", MatrixFile.PathOf(pathX), MatrixFile.PathOf(pathY));
        Tensor<T> x = MatrixFile.Read<T>(pathX), y = MatrixFile.Read<T>(pathY);
        if (x.Lengths[0] != y.Lengths[0]) throw new DataException($"{pathX} has {x.Lengths[0]} rows, {pathY} has {y.Lengths[0]}: row i of both must be the same thing");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double));
        options = options with { Device = device };
        long started = Stopwatch.GetTimestamp();
        KernelCanonicalCorrelation model = terminal.WithProgress($"kcca on {device.Description.Name}", progress =>
        {
            KernelCanonicalCorrelationOptions told = options with { Progress = new FractionProgress(progress) };
            return kernel is null ? KernelCanonicalCorrelation.Fit(x, y, told) : KernelCanonicalCorrelation.Fit(x, kernel, y, kernel, told);
        });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Tensor<double>? u = scoresX is null && plot is null ? null : model.TransformX(x, options), v = scoresY is null && plot is null ? null : model.TransformY(y, options);
        if (scoresX is not null) Npy.Write(scoresX, u!);
        if (scoresY is not null) Npy.Write(scoresY, v!);
        if (save is not null) model.Save(save);
        if (plot is not null) OutputFile.WriteText(plot, Draw(pathX, pathY, model, u!, v!));
        return new(
            (int)x.Lengths[0],
            kernel?.ToString() ?? KernelChoice.Precomputed,
            arguments.GetValue(_regularizer) ?? "hardoon",
            options.Regularization,
            arguments.GetValue(_approximation) ?? "dense",
            model.RankX,
            model.RankY,
            model.Correlations,
            model.TrainingCorrelations,
            device.Description.Name,
            PrecisionName(typeof(T) == typeof(double)),
            seconds);
    }

    private static string Draw(string pathX, string pathY, KernelCanonicalCorrelation model, Tensor<double> u, Tensor<double> v)
    {
        if (model.TrainingCorrelations.Count == 0) throw new DataException("there is no component to draw");
        return VariatePlot.Svg("Kernel canonical correlation", Path.GetFileName(pathX), Path.GetFileName(pathY), model.TrainingCorrelations, null, VariatePlot.FirstOf(u), VariatePlot.FirstOf(v));
    }

    private KernelCanonicalCorrelationOptions ReadOptions(ParseResult arguments, Kernel? kernel)
    {
        double kappa = arguments.GetValue(_regularization) ?? 0.1;
        if (kappa < 0) throw new UsageException(FormattableString.Invariant($"--regularization {kappa}: a number of 0 or more is needed"));
        KernelRegularizer regularizer = arguments.GetValue(_regularizer) switch
        {
            "bach-jordan" => KernelRegularizer.BachJordan,
            "fukumizu" => KernelRegularizer.Fukumizu,
            _ => KernelRegularizer.Hardoon,
        };
        if (regularizer == KernelRegularizer.Hardoon && kappa > 1) throw new UsageException(FormattableString.Invariant($"--regularization {kappa}: hardoon's is 0 to 1"));
        KernelApproximation approximation = arguments.GetValue(_approximation) switch
        {
            "cholesky" => KernelApproximation.Cholesky,
            "nystrom" => KernelApproximation.Nystrom,
            "fourier" => KernelApproximation.Fourier,
            _ => KernelApproximation.Dense,
        };
        if (approximation == KernelApproximation.Fourier && kernel is null) throw new UsageException("--approximation fourier needs rows and a kernel, not precomputed matrices");
        return new()
        {
            Components = arguments.GetValue(_components),
            Regularizer = regularizer,
            Regularization = kappa,
            Approximation = approximation,
            Rank = arguments.GetValue(_rank),
            Seed = arguments.GetValue(_seed),
            Threads = arguments.GetValue(Threads),
        };
    }
}
