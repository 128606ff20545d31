using System.Diagnostics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The work behind <see cref="FusionReport.Compare(Views, FusionReportOptions)"/>.</summary>
internal sealed class FusionComparison
{
    private const string McNemar = "exact McNemar test over the rows that one names right and the other wrong (1947)";
    private const string SignTest = "sign test over the rows whose squared error is smaller (Dixon and Mood 1946)";

    private readonly Views _views;
    private readonly IReadOnlyList<ViewsSplit> _splits;
    private readonly FusionReportOptions _options;
    private readonly bool _isError;

    /// <summary>Absent views of each split and rate: the same for all strategies.</summary>
    private readonly Views[][] _missing;

    public FusionComparison(Views views, IReadOnlyList<ViewsSplit> splits, FusionReportOptions options)
    {
        (_views, _splits, _options, _isError) = (views, splits, options, views.Labels is null);
        _missing = [.. splits.Select((split, s) => options.MissingRates.Select((rate, r) => split.Test.WithMissing(rate, HashCode(options.Seed, s, r))).ToArray())];
    }

    /// <summary>Fits and judges everything, fold by fold, so that strategies that share models of views find them.</summary>
    public FusionReport Run()
    {
        // One view is nothing to fuse, but what was named is judged.
        IReadOnlyList<FusionStrategy> strategies = _options.Strategies is { Count: > 0 } given ? given : _views.Count > 1 ? FusionStrategy.All(_views) : [];
        List<Trial> trials = [new(_isError ? "mean" : "majority class", FusionReportKind.Baseline, null, _views)];
        trials.AddRange(_views.Names.Select(name => new Trial(name, FusionReportKind.SingleView, FusionStrategy.SingleView(name, _options.Landmarks), _views)));
        trials.AddRange(strategies.Select(one => new Trial(one.Name, FusionReportKind.Fused, one, _views)));
        bool isComplete = true;
        int done = 0;
        try
        {
            for (int s = 0; s < _splits.Count; s++)
            {
                foreach (Trial trial in trials)
                {
                    _options.Cancellation.ThrowIfCancellationRequested();
                    _options.Step?.Invoke(_splits.Count == 1 ? trial.Name : $"{trial.Name}, fold {s + 1} of {_splits.Count}");
                    Judge(trial, s);
                    if (s == _splits.Count - 1) _options.RowDone?.Invoke(trial.Row(double.NaN));
                    _options.Progress?.Report(++done / (double)(trials.Count * _splits.Count));
                }
            }
        }
        catch (OperationCanceledException)
        {
            isComplete = false;
        }

        // After a cancellation rows may be over fewer folds, and say so.
        List<Trial> kept = [.. trials.Where(trial => trial.Error is not null || trial.Scores.Count > 0)];
        Trial? best = kept.Where(trial => trial.Kind == FusionReportKind.SingleView && trial.Error is null).MaxBy(trial => (_isError ? -1 : 1) * trial.Scores.Average());
        return new(_views, [.. kept.Select(trial => trial.Row(PValue(trial, best)))], _options, _isError ? SignTest : McNemar, isComplete);
    }

    /// <summary>A seed of its own for each split and rate.</summary>
    private static int HashCode(int seed, int split, int rate) => unchecked((((seed * 31) + split) * 31) + rate);

    private void Judge(Trial trial, int s)
    {
        if (trial.Error is not null) return;
        ViewsSplit split = _splits[s];
        long started = Stopwatch.GetTimestamp();
        try
        {
            ExecutionOptions how = new() { Device = _options.Device, Threads = _options.Threads, Cancellation = _options.Cancellation, Report = _options.Report };
            FusionModel? model = trial.Strategy?.Fit(split.Train, how);
            double[] losses = Losses(model, split.Train, split.Test, how);
            trial.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] missing = [], blinded = [];
            if (trial.Kind == FusionReportKind.Fused)
            {
                missing = [.. _missing[s].Select(rows => Score(Losses(model, split.Train, rows, how)))];
                if (_options.Ablation) blinded = [.. _views.Names.Select(name => Score(Losses(model, split.Train, split.Test.Blind(name), how)))];
            }

            trial.Add(Score(losses), losses, missing, blinded, model?.Explain(split.Test, how));
        }
        catch (Exception failure) when (failure is ArgumentException or NumericalException or NotSupportedException)
        {
            trial.Error = failure.Message.Split('\n')[0];
        }
    }

    private double Score(double[] losses) => losses.Length == 0 ? double.NaN : _isError ? Math.Sqrt(losses.Average()) : 1 - losses.Average();

    /// <summary>By row of the test: 1 where the label is wrong, or the squared error.</summary>
    private double[] Losses(FusionModel? model, Views train, Views test, ExecutionOptions how)
    {
        if (!_isError)
        {
            int[] labels = test.RequireLabels();
            (int[] classes, double[] prior) = FusionModel.PriorOf(train.RequireLabels());
            int[] named = model?.Predict(test, how) ?? [.. Enumerable.Repeat(classes[Array.IndexOf(prior, prior.Max())], test.Rows)];
            return [.. labels.Select((label, i) => named[i] == label ? 0.0 : 1.0)];
        }

        (double[] targets, int outputs) = test.RequireTargets();
        double[] predicted = new double[targets.Length], losses = new double[test.Rows];
        if (model is not null) model.PredictValues(test, how).FlattenTo(predicted);
        else
        {
            double[] means = FusionModel.MeansOf(train);
            for (int at = 0; at < predicted.Length; at++) predicted[at] = means[at % outputs];
        }

        for (int at = 0; at < targets.Length; at++) losses[at / outputs] += (predicted[at] - targets[at]) * (predicted[at] - targets[at]) / outputs;
        return losses;
    }

    /// <summary>Two-sided: how often a fair coin splits the rows on which both differ at least as unevenly.</summary>
    private static double PValue(Trial trial, Trial? best)
    {
        if (best is null || trial.Kind != FusionReportKind.Fused || trial.Error is not null) return double.NaN;
        int better = 0, worse = 0;
        for (int i = 0; i < Math.Min(trial.Losses.Count, best.Losses.Count); i++)
        {
            if (trial.Losses[i] < best.Losses[i]) better++;
            else if (trial.Losses[i] > best.Losses[i]) worse++;
        }

        int trials = better + worse, fewer = Math.Min(better, worse);
        double sum = 0, term = -trials * Math.Log(2);
        for (int k = 0; k <= fewer; k++)
        {
            sum += Math.Exp(term);
            term += Math.Log((trials - k) / (k + 1.0));
        }

        return Math.Min(1, 2 * sum);
    }

    /// <summary>One row of the report in the making.</summary>
    private sealed class Trial(string name, FusionReportKind kind, FusionStrategy? strategy, Views views)
    {
        private readonly List<double[]> _missing = [];
        private readonly List<double[]> _blinded = [];
        private readonly List<double[]> _weights = [];
        private readonly List<FusionGate[]> _gates = [];
        private readonly List<FusionAttention> _attention = [];

        public string Name => name;

        public FusionReportKind Kind => kind;

        public FusionStrategy? Strategy => strategy;

        public List<double> Scores { get; } = [];

        public List<double> Losses { get; } = [];

        public double Seconds { get; set; }

        public string? Error { get; set; }

        public void Add(double score, double[] losses, double[] missing, double[] blinded, FusionExplanation? explanation)
        {
            Scores.Add(score);
            Losses.AddRange(losses);
            _missing.Add(missing);
            _blinded.Add(blinded);
            if (explanation is null) return;
            List<string> known = [.. explanation.Views];
            _weights.Add([.. views.Names.Select(one => known.IndexOf(one) is >= 0 and int at ? explanation.Weights[at] : 0)]);
            if (explanation.Gates is { } gates) _gates.Add([.. views.Names.Select(one => known.IndexOf(one) is >= 0 and int at ? FusionGate.Of(gates, at) : new(0, 0, 0))]);
            if (FusionAttention.Of(explanation) is { } attention) _attention.Add(attention);
        }

        public FusionReportRow Row(double p)
        {
            if (Error is not null) return new(name, kind, double.NaN, double.NaN, [], [], [], [], Seconds, double.NaN, Error);
            double mean = Scores.Average();
            double spread = Scores.Count < 2 ? 0 : Math.Sqrt(Scores.Sum(score => (score - mean) * (score - mean)) / (Scores.Count - 1));
            return new(name, kind, mean, spread, Scores, Means(_missing), Means(_blinded), Means(_weights), Seconds, p, null)
            {
                Gates = _gates.Count == 0 ? [] : [.. Enumerable.Range(0, views.Count).Select(at => FusionGate.Of([.. _gates.Select(fold => fold[at])]))],
                Attention = _attention.Count == 0 ? null : FusionAttention.Of(_attention),
            };
        }

        private static double[] Means(List<double[]> folds) =>
            folds.Count == 0 ? [] : [.. Enumerable.Range(0, folds[0].Length).Select(at => folds.Average(fold => fold[at]))];
    }
}
