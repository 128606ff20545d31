using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>predict</c>: classes or targets of new rows by a model that <c>fuse</c> saved.</summary>
internal sealed class PredictCommand : ComputingVerb
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The .npz file that fuse --save wrote." };
    private readonly ViewOptions _views = new();
    private readonly Option<string?> _output = new("--output") { Description = "A .csv file to write: the class and its probabilities, or the targets, of each row.", HelpName = "P.csv" };

    /// <summary>Declares the verb.</summary>
    public PredictCommand()
        : base(
            "predict",
            "Predict the classes or targets of new rows by a saved model, from all or some of its views.",
            "predict m.npz --view pixels=new-pix.npy --view strokes=new-fou.csv --output classes.csv",
            "predict m.npz --view pixels=new-pix.npy --json")
    {
        Add(_model);
        _views.AddTo(this);
        Add(_output);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_model);
        string? output = arguments.GetValue(_output);
        if (output is not null) OutputFile.RequireKind("--output", output, ".csv", [path]);
        Views rows = IsFloat64(arguments) ? _views.Read<double>(arguments) : _views.Read<float>(arguments);
        InputFile.Require(path);
        using ComputeDevice device = OpenDevice(arguments, rows.IsFloat64, "host");
        ExecutionOptions options = new() { Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        FusionModel model = FusionStrategy.Load(path, options);
        PredictResult result = Predict(model, rows, options);
        if (output is not null) OutputFile.WriteText(output, string.Join('\n', Lines(result)) + "\n");
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else if (output is null) terminal.Console.Write(new Text(string.Join('\n', Lines(result)) + "\n"));
        return ExitCode.Success;
    }

    private static PredictResult Predict(FusionModel model, Views rows, ExecutionOptions options)
    {
        if (model.Classes.Count == 0)
        {
            Tensor<double> values = model.PredictValues(rows, options);
            return new(model.Strategy, model.Views, rows.Rows, [], null, null, Rows(values));
        }

        string[] names = [.. model.Classes.Select(label => model.ClassNames?[label] ?? label.ToString(CultureInfo.InvariantCulture))];
        int[] classes = [.. model.Classes];
        string[] labels = [.. model.Predict(rows, options).Select(label => names[Array.IndexOf(classes, label)])];
        return new(model.Strategy, model.Views, rows.Rows, names, labels, Rows(model.PredictProbabilities(rows, options)), null);
    }

    private static double[][] Rows(Tensor<double> values)
    {
        double[] flat = new double[values.FlattenedLength];
        values.FlattenTo(flat);
        return flat.Length == 0 ? [] : [.. flat.Chunk((int)values.Lengths[1])];
    }

    private static IEnumerable<string> Lines(PredictResult result)
    {
        if (result.Values is { } values) return values.Select(Joined);
        return result.Labels!.Select((label, i) => $"{Quoted(label)},{Joined(result.Probabilities![i])}").Prepend($"class,{string.Join(',', result.Classes.Select(Quoted))}");
    }

    private static string Joined(double[] values) => string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
