using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <content>Answers, what they lean on, and what is rebuilt.</content>
internal sealed partial class TrainedNetwork<T>
{
    /// <summary>Rows that are answered at a time.</summary>
    private const int RowsAtOnce = 512;

    /// <inheritdoc/>
    public TrainedOutput Run(string operation, Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options, bool explains, bool keepsMaps = true)
    {
        ViewInputs<T> inputs = _inputs.Encode<T>(rows, map, names);
        double[] scores = new double[rows.Rows * _outputs], weights = new double[explains ? rows.Rows * map.Length : 0];
        List<Tensor<T>> gates = [], attention = [];
        TokenLooks<T>? last = null;
        lock (_one)
        {
            using Tape<T> tape = OpenTape(operation, options);
            foreach (int[] part in Enumerable.Range(0, rows.Rows).Chunk(RowsAtOnce))
            {
                options?.Cancellation.ThrowIfCancellationRequested();
                Combination<T> combined = Answer(tape, inputs, part, scores.AsSpan(part[0] * _outputs, part.Length * _outputs), explains, without: -1);
                if (!explains) continue;
                if (keepsMaps && combined.Gates is { } gate) gates.Add(gate.Read());
                if (keepsMaps && combined.Attention is { } looks)
                {
                    attention.Add(looks.Weights.Read());
                    last = looks;
                }

                Span<double> ofPart = weights.AsSpan(part[0] * map.Length, part.Length * map.Length);
                if (combined.Weights is { } given) Copy(given.Read(), ofPart);
                else Occlude(tape, inputs, part, scores.AsSpan(part[0] * _outputs, part.Length * _outputs), ofPart);
            }
        }

        if (explains) Normalize(weights, inputs.Present, map.Length);
        Unscale(scores);
        return new(scores, weights, Joined(gates), Joined(attention)) { Queries = last?.Queries ?? [], Keys = last?.Keys ?? [] };
    }

    /// <inheritdoc/>
    public Views? Impute(string operation, Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options)
    {
        if (_rule is not IRebuildingRule<T> rebuilding) return null;
        ViewInputs<T> inputs = _inputs.Encode<T>(rows, map, names);
        Tensor<double>[][] filled = [.. map.Select(_ => new Tensor<double>[rows.Rows])];
        bool[] present = [.. Enumerable.Range(0, rows.Rows * map.Length).Select(at => inputs.Present.AsSpan(at / map.Length * map.Length, map.Length).Contains(true))];
        lock (_one)
        {
            using Tape<T> tape = OpenTape(operation, options);
            foreach (int[] part in Enumerable.Range(0, rows.Rows).Chunk(RowsAtOnce))
            {
                options?.Cancellation.ThrowIfCancellationRequested();
                tape.Clear();
                ModalityTokens<T> views = Encode(tape, inputs, part, explains: false).Views;
                for (int m = 0; m < map.Length; m++) Fill(rebuilding.Rebuild(views, m), part, m);
            }
        }

        Views result = Views.Of([.. names.Select((name, m) => (name, ViewOf(m, filled[m])))]).WithPresence(Tensor.Create(present, [rows.Rows, map.Length]));
        if (rows.Labels is { } labels) return result.WithLabels([.. labels]);
        return rows.Targets is { } targets ? result.WithTargets(targets) : result;

        void Fill(Var<T> rebuilt, int[] part, int m)
        {
            double[] values = new double[rebuilt.Node.Elements];
            Copy(rebuilt.Read(), values);
            int width = rebuilt.Node.Columns;
            for (int i = 0; i < part.Length; i++)
            {
                bool isThere = inputs.Present[(part[i] * map.Length) + m];
                filled[m][part[i]] = isThere ? Given(rows.At(map[m]), part[i]) : _inputs.Unscale(values.AsSpan(i * width, width), m);
            }
        }
    }

    private Tape<T> OpenTape(string operation, ExecutionOptions? options) =>
        new(options?.Device ?? _options.Device, options?.Threads ?? _options.Threads) { Cancellation = options?.Cancellation ?? default, Operation = operation };

    /// <summary>Scores of rows, as the head gives them.</summary>
    private Combination<T> Answer(Tape<T> tape, ViewInputs<T> inputs, int[] rows, Span<double> scores, bool explains, int without)
    {
        tape.Clear();
        Combination<T> combined = _rule.Combine(Encode(tape, inputs, rows, explains, without).Views);
        Copy(_head.Forward(combined.Code).Read(), scores);
        return combined;
    }

    /// <summary>How much answers change without each view: the sum of the changes of probabilities, or of values in deviations.</summary>
    private void Occlude(Tape<T> tape, ViewInputs<T> inputs, int[] rows, ReadOnlySpan<double> scores, Span<double> weights)
    {
        double[] whole = Shares(scores), without = new double[scores.Length];
        for (int m = 0; m < _encoders.Length; m++)
        {
            _ = Answer(tape, inputs, rows, without, explains: false, m);
            double[] shares = Shares(without);
            for (int at = 0; at < shares.Length; at++) weights[(at / _outputs * _encoders.Length) + m] += Math.Abs(whole[at] - shares[at]);
        }
    }

    private double[] Shares(ReadOnlySpan<double> scores)
    {
        double[] shares = scores.ToArray();
        if (Means.Length > 0) return shares;
        for (int first = 0; first < shares.Length; first += _outputs) SoftmaxSolver.Softmax(shares.AsSpan(first, _outputs));
        return shares;
    }

    /// <summary>Weights of each row over its present views; the same for all where nothing tells them apart.</summary>
    private static void Normalize(double[] weights, bool[] present, int views)
    {
        for (int first = 0; first < weights.Length; first += views)
        {
            Span<double> row = weights.AsSpan(first, views);
            double sum = 0;
            int there = 0;
            for (int m = 0; m < views; m++)
            {
                row[m] = present[first + m] ? row[m] : 0;
                sum += row[m];
                there += present[first + m] ? 1 : 0;
            }

            for (int m = 0; m < views; m++) row[m] = !present[first + m] ? 0 : sum > 0 ? row[m] / sum : 1.0 / there;
        }
    }

    private void Unscale(double[] values)
    {
        for (int at = 0; Means.Length > 0 && at < values.Length; at++) values[at] = (values[at] * _scales[at % _outputs]) + Means[at % _outputs];
    }

    private static void Copy(Tensor<T> from, Span<double> to)
    {
        int at = 0;
        foreach (T value in from) to[at++] = double.CreateTruncating(value);
    }

    /// <summary>Parts one below the other; null of none.</summary>
    private static Tensor<double>? Joined(List<Tensor<T>> parts)
    {
        if (parts.Count == 0) return null;
        int rows = parts.Sum(part => (int)part.Lengths[0]);
        double[] values = new double[parts.Sum(part => part.FlattenedLength)];
        int at = 0;
        foreach (Tensor<T> part in parts)
        {
            Copy(part, values.AsSpan(at));
            at += (int)part.FlattenedLength;
        }

        return Tensor.Create(values, [rows, parts[0].Lengths[1], parts[0].Lengths[2]]);
    }

    private static Tensor<double> Given(View view, int row)
    {
        if (view.Kind == ViewKind.Sequences) return view.Series<double>(row);
        double[] values = new double[view.Features];
        view.CopyRow<double>(row, values);
        return Tensor.Create(values, [values.Length]);
    }

    private View ViewOf(int m, Tensor<double>[] rows)
    {
        if (_inputs.IsSeries(m)) return View.Sequences(rows);
        double[] values = [.. rows.SelectMany(row => row.ToArray())];
        return View.Vectors(Tensor.Create(values, [rows.Length, _inputs.FeaturesOf(m)]));
    }
}
