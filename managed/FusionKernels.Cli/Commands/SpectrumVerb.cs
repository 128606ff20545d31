using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary>What <c>eigen</c> and <c>svd</c> share: a matrix, <c>--top</c>, files for values and vectors, the report.</summary>
internal abstract class SpectrumVerb : GenericVerb
{
    private readonly Argument<string> _matrix = new("A") { Description = $"The matrix: {MatrixFile.Forms}." };
    private readonly Option<string?> _values = new("--values") { Description = "Write the values to this .npy file.", HelpName = "file.npy" };
    private readonly Option<string?> _plot = new("--plot") { Description = "Draw them, and the share of the matrix that they hold, to this .svg file.", HelpName = "S.svg" };

    private readonly Option<int?> _top = new("--top")
    {
        Description = "The largest values that are wanted; all by default.",
        HelpName = "k",
        CustomParser = result => OptionNumber.Integer(result, "--top", 1, int.MaxValue, "one value at least is needed"),
    };

    /// <summary>Names the verb.</summary>
    protected SpectrumVerb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, float64ByDefault: true, examples)
    {
        Add(_matrix);
        Add(_top);
        Add(_values);
        Add(_plot);
    }

    /// <summary>Files for vectors.</summary>
    protected abstract IReadOnlyList<Option<string?>> VectorFiles { get; }

    /// <summary>Refuses a matrix that the verb is not for.</summary>
    protected virtual void Require(string path, int rows, int columns)
    {
    }

    /// <summary>What the values are called.</summary>
    protected abstract string ValueName { get; }

    /// <summary>U, values, V and the route; U is V where the problem is symmetric. In the order of <see cref="VectorFiles"/>, U first.</summary>
    protected abstract (Tensor<T> U, Tensor<T> Values, Tensor<T> V, string Route) Solve<T>(Tensor<T> a, SvdOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_matrix);
        foreach (Option<string?> file in (IEnumerable<Option<string?>>)[_values, .. VectorFiles])
        {
            if (arguments.GetValue(file) is { } name) OutputFile.RequireKind(file.Name, name, ".npy", MatrixFile.PathOf(path));
        }

        string? plot = arguments.GetValue(_plot);
        if (plot is not null) OutputFile.RequireKind("--plot", plot, ".svg", MatrixFile.PathOf(path));
        Tensor<T> a = MatrixFile.Read<T>(path);
        (int rows, int columns) = ((int)a.Lengths[0], (int)a.Lengths[1]);
        Require(path, rows, columns);
        int? top = arguments.GetValue(_top);
        if (top > Math.Min(rows, columns)) throw new UsageException($"--top {top}: {path} is {rows} x {columns}, it has {Math.Min(rows, columns)} values");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), "host");
        SvdOptions options = new() { Count = top, Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        long started = Stopwatch.GetTimestamp();
        (Tensor<T> u, Tensor<T> values, Tensor<T> v, string route) = terminal.WithProgress($"{Name} on {device.Description.Name}", progress =>
        {
            try
            {
                return Solve(a, options with { Progress = new FractionProgress(progress) });
            }
            catch (ArgumentException wrong)
            {
                throw new DataException($"{path}: {Failure.WithoutParameter(wrong)}");
            }
        });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (arguments.GetValue(_values) is { } valuesFile) Npy.Write(valuesFile, values);
        for (int i = 0; i < VectorFiles.Count; i++)
        {
            if (arguments.GetValue(VectorFiles[i]) is { } file) Npy.Write(file, i == 0 ? u : v);
        }

        double[] spectrum = [.. values.Select(double.CreateChecked)];
        double noise = Math.Max(rows, columns) * double.CreateChecked(T.BitIncrement(T.One) - T.One) * spectrum.Select(Math.Abs).DefaultIfEmpty().Max();
        if (plot is not null) OutputFile.WriteText(plot, SpectrumPlot.Svg($"{char.ToUpperInvariant(ValueName[0])}{ValueName[1..]} of {Path.GetFileName(MatrixFile.PathOf(path))}, {rows} x {columns}", ValueName, spectrum, noise, Squares(a)));
        SpectrumReport report = new(
            spectrum,
            spectrum.Count(value => Math.Abs(value) > noise),
            route,
            device.Description.Name,
            PrecisionName(typeof(T) == typeof(double)),
            seconds,
            FactorChecks.SpectralResidual(a, u, values, v));
        if (arguments.GetValue(Json)) terminal.WriteJson(report);
        else Show(terminal.Console, report);
    }

    private static double Squares<T>(Tensor<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a.Sum(element => double.CreateChecked(element) * double.CreateChecked(element));

    private static void Show(IAnsiConsole console, SpectrumReport report)
    {
        console.MarkupLineInterpolated($"{report.Route}; rank {report.Rank}, residual {report.Residual.ToString("g3", CultureInfo.InvariantCulture)}");
        foreach (double value in report.Values) console.MarkupLineInterpolated($"{value.ToString("g12", CultureInfo.InvariantCulture)}");
        console.MarkupLineInterpolated($"{report.Device}, {report.Precision}: {Units.Seconds(report.Seconds)}");
    }
}
