using System.CommandLine;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>attention</c>: scaled dot-product attention of three files, its log-sum-exp, weights and gradients.</summary>
internal sealed class AttentionCommand : GenericVerb
{
    private readonly Argument<string> _q = new("Q") { Description = "Queries, .npy: length x width, heads x length x width or batch x heads x length x width." };
    private readonly Argument<string> _k = new("K") { Description = "Keys, .npy; their heads divide those of the queries." };
    private readonly Argument<string> _v = new("V") { Description = "Values, .npy; as many as keys." };
    private readonly Option<string> _output = new("--output") { Description = "The .npy file to write.", HelpName = "O.npy", Required = true };
    private readonly AttentionChoice _choice = new();
    private readonly Option<string?> _mask = File("--mask", "Which pairs are kept, not 0 for attend: batch x heads x queries x keys, dimensions of 1 or left out in front repeat.", "M.npy");
    private readonly Option<string?> _bias = File("--bias", "What is added to the scores, of such a shape.", "B.npy");
    private readonly Option<string?> _lse = File("--lse", "Write the log-sum-exp of every query.", "L.npy");
    private readonly Option<string?> _weights = File("--weights", "Write the weights, queries x keys for every head.", "W.npy");
    private readonly Option<string?> _gradient = File("--gradient", "The gradient of a loss with respect to the output, to be taken back to the operands.", "dO.npy");
    private readonly Option<string?> _dq = File("--dq", "Write the gradient with respect to the queries.", "dQ.npy");
    private readonly Option<string?> _dk = File("--dk", "Write the gradient with respect to the keys.", "dK.npy");
    private readonly Option<string?> _dv = File("--dv", "Write the gradient with respect to the values.", "dV.npy");
    private readonly Option<string?> _dbias = File("--dbias", "Write the gradient with respect to the bias.", "dB.npy");
    private readonly Option<string?> _plot = File("--plot", "Draw the weights of the first head.", "W.svg");

    /// <summary>Declares the verb.</summary>
    public AttentionCommand()
        : base(
            "attention",
            "Scaled dot-product attention, softmax(Q K' / sqrt(width)) V, with masks, bias, soft cap and gradients. Runs on the host, or in float32 on the device that is named.",
            float64ByDefault: false,
            "attention q.npy k.npy v.npy --output o.npy --causal bottom-right",
            "attention q.npy k.npy v.npy --output o.npy --key-lengths 3,5 --lse l.npy --weights w.npy --plot w.svg --json",
            "attention q.npy k.npy v.npy --output o.npy --gradient do.npy --dq dq.npy --dk dk.npy --dv dv.npy")
    {
        foreach (Argument<string> operand in new[] { _q, _k, _v }) Add(operand);
        Add(_output);
        foreach (Option option in _choice.All) Add(option);
        foreach (Option<string?> file in new[] { _mask, _bias, _lse, _weights, _gradient, _dq, _dk, _dv, _dbias, _plot }) Add(file);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        double seconds = 0, flops = 0;
        long bytes = 0;
        AttentionOptions options = _choice.Read(arguments) with
        {
            Threads = arguments.GetValue(Threads),
            Cancellation = cancellation,
            Report = told => (seconds, flops, bytes) = (seconds + told.TotalSeconds, flops + told.Flops, Math.Max(bytes, told.PeakBytes)),
        };
        RequireOutputs(arguments);
        Tensor<T> q = Read<T>(arguments.GetRequiredValue(_q)), k = Read<T>(arguments.GetRequiredValue(_k)), v = Read<T>(arguments.GetRequiredValue(_v));
        Tensor<T>? bias = ReadOptional<T>(arguments.GetValue(_bias)), gradient = ReadOptional<T>(arguments.GetValue(_gradient));
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        options = options with { Device = device, Mask = ReadOptional<T>(arguments.GetValue(_mask)) is { } mask ? Keep(mask) : null };
        AttentionResult<T> result = terminal.WithProgress("attention", _ => Attention.ForwardWithLogSumExp(q, k, v, options, bias));
        Write(arguments.GetValue(_output), result.Output);
        Write(arguments.GetValue(_lse), result.LogSumExp);
        if (gradient is not null)
        {
            AttentionGradients<T> gradients = terminal.WithProgress("gradients", _ => Attention.Backward(q, k, v, result, gradient, options, bias));
            Write(arguments.GetValue(_dq), gradients.Query);
            Write(arguments.GetValue(_dk), gradients.Key);
            Write(arguments.GetValue(_dv), gradients.Value);
            Write(arguments.GetValue(_dbias), gradients.Bias);
        }

        if (arguments.GetValue(_weights) is not null || arguments.GetValue(_plot) is not null) WriteWeights(arguments, Attention.Weights(q, k, options with { Report = null }, bias));
        (int batch, int heads, int queries) = SizesOf(result.LogSumExp);
        int keys = (int)k.Lengths[KeyDimension(options, k.Rank)];
        AttentionReport report = new(batch, heads, queries, keys, (int)q.Lengths[^1], device.Description.Name, seconds, flops / seconds / 1e9, bytes);
        if (arguments.GetValue(Json)) terminal.WriteJson(report);
        else Show(terminal.Console, report, arguments.GetRequiredValue(_output));
    }

    private static void Show(IAnsiConsole console, AttentionReport report, string output)
    {
        console.MarkupLineInterpolated($"[bold]{report.Batch} x {report.Heads} x {report.Queries} x {report.Keys}[/] of width {report.Width}");
        console.MarkupLineInterpolated($"{report.Device}: {Units.Seconds(report.Seconds)}, {Units.Flops(report.Gflops * 1e9)}, {Units.Bytes(report.PeakBytes)}");
        console.MarkupLineInterpolated($"written to [green]{output}[/]");
    }

    private void WriteWeights<T>(ParseResult arguments, Tensor<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Write(arguments.GetValue(_weights), weights);
        if (arguments.GetValue(_plot) is not { } plot) return;
        int queries = (int)weights.Lengths[^2], keys = (int)weights.Lengths[^1];
        if (weights.FlattenedLength == 0) throw new DataException($"{plot}: there are no weights to draw");
        Tensor<T> first = Tensor.Create(weights.Take(queries * keys).ToArray(), [queries, keys]);
        OutputFile.WriteText(plot, SimilarityPlot.Svg("attention weights", arguments.GetRequiredValue(_q), arguments.GetRequiredValue(_k), first, null, [], "", "weight"));
    }

    /// <summary>Every file to be written has a name of its kind, and gradients have something to start from.</summary>
    private void RequireOutputs(ParseResult arguments)
    {
        List<string> inputs = [arguments.GetRequiredValue(_q), arguments.GetRequiredValue(_k), arguments.GetRequiredValue(_v)];
        inputs.AddRange(new[] { _mask, _bias, _gradient }.Select(arguments.GetValue).OfType<string>());
        OutputFile.RequireKind(_output.Name, arguments.GetRequiredValue(_output), ".npy", [.. inputs]);
        foreach (Option<string?> option in new[] { _lse, _weights, _dq, _dk, _dv, _dbias })
        {
            if (arguments.GetValue(option) is { } path) OutputFile.RequireKind(option.Name, path, ".npy", [.. inputs]);
        }

        if (arguments.GetValue(_plot) is { } plot) OutputFile.RequireKind(_plot.Name, plot, ".svg", [.. inputs]);
        bool wantsGradient = new[] { _dq, _dk, _dv, _dbias }.Any(option => arguments.GetValue(option) is not null);
        if (wantsGradient && arguments.GetValue(_gradient) is null) throw new UsageException("--dq, --dk, --dv and --dbias need --gradient, the gradient with respect to the output");
        if (!wantsGradient && arguments.GetValue(_gradient) is not null) throw new UsageException("--gradient needs one of --dq, --dk, --dv and --dbias to write");
        if (arguments.GetValue(_dbias) is not null && arguments.GetValue(_bias) is null) throw new UsageException("--dbias needs --bias");
    }

    private static (int Batch, int Heads, int Queries) SizesOf<T>(Tensor<T> logSumExp) => logSumExp.Rank switch
    {
        1 => (1, 1, (int)logSumExp.Lengths[0]),
        2 => (1, (int)logSumExp.Lengths[0], (int)logSumExp.Lengths[1]),
        _ => ((int)logSumExp.Lengths[0], (int)logSumExp.Lengths[1], (int)logSumExp.Lengths[2]),
    };

    private static int KeyDimension(AttentionOptions options, int rank) => rank > 2 && options.Layout == AttentionLayout.BatchLengthHeadsWidth ? rank - 3 : rank - 2;

    private static Tensor<bool> Keep<T>(Tensor<T> mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tensor.Create(mask.Select(value => !T.IsZero(value)).ToArray(), mask.Lengths);

    private static Tensor<T>? ReadOptional<T>(string? path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => path is null ? null : Read<T>(path);

    private static Tensor<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputFile.Require(path);
        return Npy.ReadAs<T>(path, ValueConversion.Round);
    }

    private static void Write<T>(string? path, Tensor<T>? tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (path is not null && tensor is not null) Npy.Write(path, tensor);
    }

    private static Option<string?> File(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
