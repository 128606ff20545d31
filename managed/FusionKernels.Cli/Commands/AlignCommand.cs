using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>align</c>: fits a learned alignment of two row-aligned views, tells what it reaches on rows kept from training, and saves it.</summary>
internal sealed class AlignCommand : ComputingVerb
{
    private const int MostWidth = 65536;

    private readonly Argument<string> _a = new("A") { Description = $"rows x features of the first view: {MatrixFile.Forms}." };
    private readonly Argument<string> _b = new("B") { Description = "rows x features of the second view; row i belongs to row i of A." };

    private readonly Option<string> _method = new("--method")
    {
        Description = $"{string.Join("; ", AlignMethods.All.Select(method => $"{method.Name}: {method.Description}"))}.",
        HelpName = "name",
        Required = true,
    };

    private readonly Option<string?> _mode = new("--mode") { Description = "The objective of dcca, the loss of contrastive, the kind of autoencoder, the encoder of graph; each method's first by default.", HelpName = "name" };
    private readonly Option<string?> _labels = new("--labels") { Description = $"The class of each row, which methods that can learn from it do, and by which rows count as found: {LabelFile.Forms}.", HelpName = "FILE" };
    private readonly Option<int?> _components = Number("--components", "K", 1, MostWidth, "a space of 1 to 65536 features is needed", "Features of the common space; the method's own number by default.");

    private readonly Option<int[]> _hidden = new("--hidden")
    {
        Description = "Widths between the views and the common space, separated by commas; 0 for linear maps.",
        HelpName = "widths",
        DefaultValueFactory = _ => [128],
        CustomParser = Widths,
    };

    private readonly Option<double> _dropout = Real("--dropout", "p", 0.2, value => value is >= 0 and < 1, "a probability of 0 to below 1 is needed", "The probability with which elements between layers are dropped in training.");
    private readonly Option<int?> _epochs = Number("--epochs", "E", 1, int.MaxValue, "one epoch at least is needed", "Passes over the rows; 60 by default.");
    private readonly Option<int?> _batch = Number("--batch", "n", 1, int.MaxValue, "one row at least is needed", "Rows of a step; the method's own number by default.");
    private readonly Option<double?> _rate = new("--rate") { Description = "The learning rate; the method's own by default.", HelpName = "r", CustomParser = result => OptionNumber.Finite(result, "--rate") };
    private readonly Option<int?> _patience = Number("--patience", "E", 0, int.MaxValue, "0 or more epochs are needed", "Epochs without a better loss after which training ends; 0 for never, 15 by default.");
    private readonly Option<double> _held = Real("--validation", "share", 0.2, value => value is >= 0 and < 1, "a share of 0 to below 1 is needed", "The share of rows, drawn by the seed, that is kept from training: it chooses the epoch (of graph, a part of the others does), and the figures are of it.");
    private readonly Option<int?> _seed = Number("--seed", "S", 0, int.MaxValue, "seeds are 0 or more", "What everything that is drawn follows from; 0 by default.");
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "Write the state of training after every epoch, and go on from it where it is there.", HelpName = "C.safetensors" };
    private readonly Option<string?> _save = new("--save") { Description = "Write the fitted model.", HelpName = "M.safetensors" };
    private readonly Option<string?> _transformA = new("--transform-a") { Description = "Write all rows of A in the common space.", HelpName = "U.npy" };
    private readonly Option<string?> _transformB = new("--transform-b") { Description = "Write all rows of B in the common space.", HelpName = "V.npy" };
    private readonly Option<string?> _images = new("--images") { Description = "Of methods that rebuild: draw held rows of B, above as they are and below as A tells them.", HelpName = "G.png" };
    private readonly Option<int?> _imageWidth = Number("--image-width", "px", 1, MostWidth, "a width of 1 or more is needed", "How wide an image of B is; square by default.");
    private readonly Option<string?> _report = new("--report") { Description = "Write a page with curves and a heat map.", HelpName = "R.html" };

    /// <summary>Declares the verb.</summary>
    public AlignCommand()
        : base(
            "align",
            "Fit networks that bring the rows of two views into a common space, and see how well rows that were kept from training find each other. Ctrl-C ends training and keeps the best weights.",
            "align --method contrastive images.npy texts.npy --labels y.csv --report r.html",
            "align --method dcca fac.npy fou.npy --epochs 100 --transform-a u.npy --transform-b v.npy --json",
            "align --method autoencoder fourier.npy pixels.npy --save m.safetensors --images g.png --image-width 15")
    {
        Add(_a);
        Add(_b);
        foreach (Option option in (Option[])[_method, _mode, _labels, _components, _hidden, _dropout, _epochs, _batch, _rate, _patience, _held, _seed, _checkpoint, _save, _transformA, _transformB, _images, _imageWidth, _report]) Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation) =>
        IsFloat64(arguments) ? Align<double>(arguments, terminal, cancellation) : Align<float>(arguments, terminal, cancellation);

    private int Align<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What was typed is checked first, then the files, then the device: each error costs the least.
        IAlignMethod method = AlignMethods.Named(arguments.GetRequiredValue(_method));
        RequirePlaces(arguments, method);
        (Tensor<T> a, Tensor<T> b) = ReadBoth<T>(arguments);
        int rows = (int)a.Lengths[0];
        ClassLabels? labels = arguments.GetValue(_labels) is { } path ? LabelFile.ReadClasses(path, rows, "A and B") : null;
        int[] held = Held(arguments, rows);
        (int height, int width) = ImageSize(arguments, (int)b.Lengths[1]);
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), "host");
        long started = Stopwatch.GetTimestamp();
        IAlignedPair<T> fitted = terminal.WithProgress(method.Name, progress =>
            Guarded(() => method.Fit(new AlignTask<T>(a, b, labels?.Indices.ToArray(), Settings(arguments, held, device, new EpochProgress(progress), cancellation)))));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        int[] judged = held.Length > 1 ? held : [.. Enumerable.Range(0, rows)];
        AlignScores<T> scores = AlignScores<T>.Of(fitted, a, b, judged, labels);
        AlignResult result = scores.Result(method.Name, fitted.Training, (rows, (int)a.Lengths[1], (int)b.Lengths[1], held.Length), device.Description.Name, PrecisionName(typeof(T) == typeof(double)), seconds, !cancellation.IsCancellationRequested);
        if (arguments.GetValue(_images) is { } images) ImageGrid.Write(images, scores, fitted, height, width);
        if (arguments.GetValue(_save) is { } save) fitted.Save(save);
        if (arguments.GetValue(_transformA) is { } u) Npy.Write(u, fitted.TransformA(a));
        if (arguments.GetValue(_transformB) is { } v) Npy.Write(v, fitted.TransformB(b));
        if (arguments.GetValue(_report) is { } page) OutputFile.WriteText(page, AlignPage.Build(result, method, Names(arguments), fitted.Training, scores));
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else AlignTable.Show(terminal.Console, result);
        if (result.IsComplete) return ExitCode.Success;
        terminal.WriteError($"stopped after epoch {result.Epochs}; the weights of epoch {result.BestEpoch} are kept");
        return ExitCode.Cancelled;
    }

    private static (int Height, int Width) ImageSizeOf(int features, int? asked)
    {
        int width = asked ?? (int)Math.Sqrt(features);
        return features % width == 0 && (asked is not null || width * width == features)
            ? (features / width, width)
            : throw new UsageException($"--images: {features} features of B are no whole rows of {width} pixels; name their --image-width");
    }

    private (int Height, int Width) ImageSize(ParseResult arguments, int features) =>
        arguments.GetValue(_images) is null ? (0, 0) : ImageSizeOf(features, arguments.GetValue(_imageWidth));

    private (string A, string B) Names(ParseResult arguments) => (Path.GetFileName(arguments.GetRequiredValue(_a)), Path.GetFileName(arguments.GetRequiredValue(_b)));

    private void RequirePlaces(ParseResult arguments, IAlignMethod method)
    {
        string[] inputs = [MatrixFile.PathOf(arguments.GetRequiredValue(_a)), MatrixFile.PathOf(arguments.GetRequiredValue(_b))];
        foreach ((Option<string?> option, string kind) in new[] { (_checkpoint, ".safetensors"), (_save, ".safetensors"), (_transformA, ".npy"), (_transformB, ".npy"), (_images, ".png"), (_report, ".html") })
        {
            if (arguments.GetValue(option) is { } path) OutputFile.RequireKind(option.Name, path, kind, inputs);
        }

        if (arguments.GetValue(_images) is not null && method is not AutoencoderMethod) throw new UsageException($"--images: {method.Name} rebuilds nothing; {AutoencoderMethod.MethodName} does");
        if (arguments.GetValue(_rate) <= 0) throw new UsageException(FormattableString.Invariant($"--rate {arguments.GetValue(_rate)}: a number above 0 is needed"));
    }

    private (Tensor<T> A, Tensor<T> B) ReadBoth<T>(ParseResult arguments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string pathA = arguments.GetRequiredValue(_a), pathB = arguments.GetRequiredValue(_b);
        Tensor<T> a = MatrixFile.Read<T>(pathA), b = MatrixFile.Read<T>(pathB);
        foreach ((string path, Tensor<T> rows) in new[] { (pathA, a), (pathB, b) })
        {
            if (rows.Lengths[0] < 2 || rows.Lengths[1] == 0) throw new DataException($"{path} is {rows.Lengths[0]} x {rows.Lengths[1]}: two rows and a feature at least are needed");
        }

        if (a.Lengths[0] != b.Lengths[0]) throw new DataException($"{pathA} has {a.Lengths[0]} rows, {pathB} has {b.Lengths[0]}: row i of one belongs to row i of the other");
        return (a, b);
    }

    private int[] Held(ParseResult arguments, int rows)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        new Random(arguments.GetValue(_seed) ?? 0).Shuffle(order);
        return [.. order.Take((int)(arguments.GetValue(_held) * rows)).Order()];
    }

    private AlignSettings Settings(ParseResult arguments, int[] held, ComputeDevice device, IProgress<TrainingProgress> progress, CancellationToken cancellation) => new()
    {
        Components = arguments.GetValue(_components),
        Hidden = arguments.GetValue(_hidden)!,
        Dropout = arguments.GetValue(_dropout),
        Mode = arguments.GetValue(_mode),
        Epochs = arguments.GetValue(_epochs) ?? 60,
        Batch = arguments.GetValue(_batch),
        Rate = arguments.GetValue(_rate),
        Patience = arguments.GetValue(_patience) ?? 15,
        Seed = (ulong)(arguments.GetValue(_seed) ?? 0),
        Held = held,
        Checkpoint = arguments.GetValue(_checkpoint),
        Device = device,
        Threads = arguments.GetValue(Threads),
        Progress = progress,
        Stop = cancellation,
    };

    /// <summary>Puts what is wrong with the data into the words of files.</summary>
    private static TFitted Guarded<TFitted>(Func<TFitted> fit)
    {
        try
        {
            return fit();
        }
        catch (ArgumentException exception)
        {
            throw new DataException(Failure.WithoutParameter(exception));
        }
    }

    private static Option<int?> Number(string name, string helpName, int least, int most, string bounds, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => OptionNumber.Integer(result, name, least, most, bounds),
    };

    private static Option<double> Real(string name, string helpName, double byDefault, Func<double, bool> isRight, string bounds, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            double number = OptionNumber.Finite(result, name)!.Value;
            if (double.IsFinite(number) && !isRight(number)) result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {number}: {bounds}"));
            return number;
        },
    };

    private static int[] Widths(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        List<int> widths = [];
        foreach (string part in text.Split(','))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width <= MostWidth) widths.Add(width);
            else result.AddError($"--hidden {text}: widths of 1 to {MostWidth} are needed, as in 256,128; or 0");
        }

        return widths is [0] ? [] : widths.Contains(0) ? Refused() : [.. widths];

        int[] Refused()
        {
            result.AddError($"--hidden {text}: 0 stands alone, for linear maps");
            return [];
        }
    }

    /// <summary>Tells the bar what the losses are.</summary>
    private sealed class EpochProgress(IProgress<Step> steps) : IProgress<TrainingProgress>
    {
        private int _best;

        public void Report(TrainingProgress value)
        {
            if (value.IsBest) _best = value.Epoch;
            string validation = double.IsNaN(value.ValidationLoss) ? "" : $", held {Units.Significant(value.ValidationLoss)}";
            steps.Report(new((double)value.Epoch / value.Epochs, $"epoch {value.Epoch}/{value.Epochs}: loss {Units.Significant(value.TrainingLoss)}{validation}, best {_best}"));
        }
    }
}
