using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Encoders of views, a rule that combines their codes, and layers that answer: the one network behind all trained strategies.</summary>
internal sealed partial class TrainedNetwork<T> : ITrainedNetwork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What tells views that are dropped from everything else that is drawn under one seed.</summary>
    private const uint Stream = 0x76696577;

    private readonly TrainedFusionOptions _options;
    private readonly ParameterSet<T> _parameters;
    private readonly ViewInputEncoder _inputs;
    private readonly ModalityEncoder<T>[] _encoders;
    private readonly CombinationRule<T> _rule;
    private readonly DenseLayers<T> _head;
    private readonly double[] _scales;
    private readonly int _outputs;
    private readonly Lock _one = new();

    private TrainedNetwork(ParameterSet<T> parameters, ViewInputEncoder inputs, int views, int outputs, double[] means, double[] scales, TrainedFusionOptions options)
    {
        (_options, _parameters, _inputs, _outputs, Means, _scales) = (options, parameters, inputs, outputs, means, scales);
        int tokens = CombinationRule<T>.ReadsTokens(options.Rule) ? options.Tokens : 1;
        _encoders = [.. Enumerable.Range(0, views).Select(m => new ModalityEncoder<T>(parameters.In($"view{m}"), inputs.IsSeries(m), inputs.FeaturesOf(m), tokens, options))];
        _rule = CombinationRule<T>.Of(parameters.In("rule"), inputs, _encoders, options);
        _head = new(parameters.In("head"), [_rule.Outputs, options.Hidden, outputs], Activation.Relu, options.Dropout);
    }

    /// <inheritdoc/>
    public TrainingResult Training { get; private set; } = null!;

    /// <inheritdoc/>
    public double[] Means { get; }

    /// <summary>Trains a network.</summary>
    public static TrainedNetwork<T> Fit(Views views, TrainedFusionOptions options)
    {
        ViewInputEncoder inputs = ViewInputEncoder.Fit(views, options.Patch);
        ViewInputs<T> encoded = inputs.Encode<T>(views, [.. Enumerable.Range(0, views.Count)], views.Names);
        int[] rows = encoded.RowsWithViews();
        TrainedNetwork<T> network = Untrained(views, inputs, options);
        Func<int[], Var<T>, Var<T>> answer;
        if (views.Labels is { } labels)
        {
            (int[] classes, _) = FusionModel.PriorOf(labels);
            int[] asked = [.. labels.Select(label => Array.BinarySearch(classes, label))];
            answer = (batch, logits) => Loss.CrossEntropy(logits, Array.ConvertAll(batch, row => asked[row]));
        }
        else
        {
            (double[] targets, int outputs) = views.RequireTargets();
            Tensor<T> scaled = Tensor.Create([.. targets.Select((target, at) => T.CreateTruncating((target - network.Means[at % outputs]) / network._scales[at % outputs]))], [views.Rows, outputs]);
            answer = (batch, values) => Loss.MeanSquaredError(values, values.Tape.Rows(scaled, batch));
        }

        network.Train(network._parameters, RuleOf(options, rows.Length), encoded, rows, TrainingOf(options), (tape, batch) => network.AnswerLoss(encoded, tape, batch, answer));
        return network;
    }

    /// <summary>The network of some views, as it is before training.</summary>
    private static TrainedNetwork<T> Untrained(Views views, ViewInputEncoder inputs, TrainedFusionOptions options)
    {
        ParameterSet<T> parameters = new(options.Seed);
        if (views.Labels is { } labels) return new(parameters, inputs, views.Count, FusionModel.PriorOf(labels).Classes.Length, [], [], options);
        (double[] targets, int outputs) = views.RequireTargets();
        (double[] means, double[] scales) = Moments(targets, outputs);
        return new(parameters, inputs, views.Count, outputs, means, scales, options);
    }

    /// <summary>The optimizer of fusion: AdamW whose rate falls to 0 over all steps.</summary>
    private static AdamW RuleOf(TrainedFusionOptions options, int rows)
    {
        int trained = rows - (int)(options.ValidationShare * rows);
        return new()
        {
            LearningRate = options.LearningRate,
            WeightDecay = options.WeightDecay,
            ClipNorm = 1,
            CosineSteps = checked(options.Epochs * ((trained + options.BatchSize - 1) / options.BatchSize)),
        };
    }

    private static TrainingOptions TrainingOf(TrainedFusionOptions options) => new()
    {
        Device = options.Device,
        Threads = options.Threads,
        Epochs = options.Epochs,
        BatchSize = options.BatchSize,
        Seed = options.Seed,
        ValidationShare = options.ValidationShare,
        Patience = options.Patience,
        Cancellation = options.Cancellation,
        Progress = options.Progress is { } told ? new EpochProgress(told) : null,
    };

    /// <summary>Trains the answer, and the rebuilding of views where the rule rebuilds.</summary>
    private Var<T> AnswerLoss(ViewInputs<T> inputs, Tape<T> tape, int[] rows, Func<int[], Var<T>, Var<T>> answer)
    {
        (ModalityTokens<T> views, Var<T>[] values) = Encode(tape, inputs, rows, explains: false);
        Var<T> loss = answer(rows, _head.Forward(_rule.Combine(views).Code));
        if (_rule is not IRebuildingRule<T> rebuilding || _options.Rebuilding == 0) return loss;
        RebuildingTargets<T> targets = new(values, [.. Enumerable.Range(0, views.Count).Select(m => KeptPlaces(inputs, rows, m))]);
        return loss + (_options.Rebuilding * rebuilding.RebuildingLoss(views, targets));
    }

    private void Train(ParameterSet<T> parameters, OptimizerRule rule, ViewInputs<T> inputs, int[] rows, TrainingOptions training, Func<Tape<T>, int[], Var<T>> loss)
    {
        Training = Trainer.Fit(
            parameters,
            rule,
            rows.Length,
            (tape, batch) =>
            {
                int[] chosen = new int[batch.Length];
                for (int i = 0; i < chosen.Length; i++) chosen[i] = rows[batch[i]];
                return loss(tape, chosen);
            },
            training);
        if (_rule is not IRebuildingRule<T> settled) return;
        using Tape<T> tape = new(training.Device, training.Threads) { Operation = "TrainedFusion.Fit" };
        settled.Settle(Encode(tape, inputs, rows, explains: false).Views);
    }

    /// <summary>Tokens of rows, with some views dropped where the tape trains, and the values that they were made from.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="inputs">All rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="explains">Whether attention is asked for.</param>
    /// <param name="without">A view that is taken for absent; -1 for none.</param>
    private (ModalityTokens<T> Views, Var<T>[] Values) Encode(Tape<T> tape, ViewInputs<T> inputs, int[] rows, bool explains, int without = -1)
    {
        int count = _encoders.Length;
        bool[] present = new bool[rows.Length * count];
        for (int i = 0; i < rows.Length; i++)
        {
            Span<bool> row = present.AsSpan(i * count, count);
            inputs.Present.AsSpan(rows[i] * count, count).CopyTo(row);
            if (without >= 0) row[without] = false;
            if (tape.IsTraining && _options.ViewDropout > 0) DropViews(row, rows[i], tape.Step);
        }

        Var<T> flat = tape.Rows(inputs.Flat, rows);
        Var<T>[] values = [.. Enumerable.Range(0, count).Select(m => inputs.Values(tape, flat, _inputs, m, rows))], tokens = new Var<T>[count];
        bool[][] keep = new bool[count][];
        for (int m = 0; m < count; m++)
        {
            bool[] places = KeptPlaces(inputs, rows, m);
            tokens[m] = _encoders[m].Forward(values[m], places);
            int each = tokens[m].Node.Lengths[1];
            keep[m] = [.. Enumerable.Range(0, rows.Length * each).Select(at => present[(at / each * count) + m] && (places.Length != rows.Length * each || places[at]))];
        }

        return (new(tape, rows.Length, tokens, keep, present, explains), values);
    }

    /// <summary>Which places of a view are there in rows, whatever a step drops: rows x places.</summary>
    private bool[] KeptPlaces(ViewInputs<T> inputs, int[] rows, int view)
    {
        if (inputs.Keep[view] is not { } keep) return [.. rows.Select(row => inputs.Present[(row * _encoders.Length) + view])];
        int places = keep.Length / (inputs.Present.Length / _encoders.Length);
        return [.. rows.SelectMany(row => keep.AsSpan(row * places, places).ToArray())];
    }

    /// <summary>Takes present views for absent, but the one that is drawn last.</summary>
    private void DropViews(Span<bool> row, int number, int step)
    {
        int last = -1;
        uint highest = 0;
        for (int m = 0; m < row.Length; m++)
        {
            if (!row[m]) continue;
            uint drawn = Philox<Word>.Draw(new((uint)number), new((uint)step), new((uint)m), new(Stream), (uint)_options.Seed, (uint)(_options.Seed >> 32)).First.Value;
            if (last < 0 || drawn > highest) (last, highest) = (m, drawn);
            row[m] = drawn >= _options.ViewDropout * uint.MaxValue;
        }

        if (last >= 0) row[last] = true;
    }

    private static (double[] Means, double[] Scales) Moments(double[] targets, int outputs)
    {
        double[] means = StandardTargets.Means(targets, outputs), scales = new double[outputs];
        int rows = targets.Length / outputs;
        for (int at = 0; at < targets.Length; at++) scales[at % outputs] += Math.Pow(targets[at] - means[at % outputs], 2) / rows;
        return (means, [.. scales.Select(variance => variance > 0 ? Math.Sqrt(variance) : 1)]);
    }

    /// <summary>Epochs as a fraction.</summary>
    private sealed class EpochProgress(IProgress<double> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told.Report(value.Epoch / (double)value.Epochs);
    }
}
