using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted <see cref="LateFusion"/>. Thread-safe; stackers of new patterns of present views are fitted when they are first met, and kept.</summary>
public sealed partial class LateFusionModel : FusionModel
{
    /// <summary>The most that a view is relied on: no view is beyond doubt, and Dempster's rule needs some.</summary>
    private const double MostReliable = 0.999;

    private readonly LateFusionOptions _options;
    private readonly LateBase _base;
    private readonly int[] _labels;
    private readonly double[] _targets;
    private readonly double[] _means;
    private readonly double[] _weights;
    private readonly ConcurrentDictionary<string, Stacker?> _stackers;

    internal LateFusionModel(Views views, LateFusionOptions options, LateBase fitted, IEnumerable<KeyValuePair<string, Stacker?>>? stackers = null)
        : base(LateFusion.NameOf(options.Rule), views)
    {
        (_options, _base, _stackers) = (options, fitted, new(stackers ?? []));
        _labels = views.Labels is { } labels ? [.. labels.Select(label => Array.BinarySearch(fitted.Classes, label))] : [];
        (_targets, _means) = views.Labels is null ? (views.RequireTargets().Values, MeansOf(views)) : ([], []);
        _weights = [.. fitted.Models.Select(_ => 1.0 / fitted.Models.Length)];
        if (options.Rule == LateRule.Evidential) _weights = [.. fitted.Accuracies.Select(accuracy => accuracy / Math.Max(1e-300, fitted.Accuracies.Sum()))];
        if (options.Rule == LateRule.Stacking && StackerOf([.. Enumerable.Repeat(true, views.Count)]) is { } whole) _weights = whole.ViewWeights();
    }

    /// <summary>The model of each view.</summary>
    public IReadOnlyList<KernelFusionModel> Models => _base.Models;

    /// <summary>By view: what the logarithms of its probabilities are divided by; above 1 where the view is too sure of itself. 1 of targets.</summary>
    public IReadOnlyList<double> Temperatures => _base.Temperatures;

    /// <summary>By view: the part of its training rows that out-of-fold probabilities named right. 1 of targets.</summary>
    public IReadOnlyList<double> OutOfFoldAccuracies => _base.Accuracies;

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(PredictProbabilities), rows, options, quiet => Decide(rows, quiet).Probabilities);
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null)
    {
        return Classes.Count > 0 ? base.PredictValues(rows, options) : Told(nameof(PredictValues), rows, options, quiet => Values(rows, quiet));
    }

    private Tensor<double> Values(Views rows, ExecutionOptions? options)
    {
        int outputs = _means.Length;
        double[]?[] said = Said(rows, outputs, options);
        double[] result = new double[rows.Rows * outputs];
        for (int i = 0; i < rows.Rows; i++) Value(said.AsSpan(i * Views.Count, Views.Count), result.AsSpan(i * outputs, outputs));
        return Tensor.Create(result, [rows.Rows, outputs]);

        void Value(ReadOnlySpan<double[]?> said, Span<double> row)
        {
            int count = CountOf(said);
            if (count == 0) _means.CopyTo(row);
            else if (_options.Rule == LateRule.Stacking && StackerOf(said) is { } stacker) stacker.Predict(said, row);
            else
            {
                foreach (double[]? one in said)
                {
                    for (int c = 0; c < outputs && one is not null; c++) row[c] += one[c];
                }

                for (int c = 0; c < outputs; c++) row[c] /= count;
            }
        }
    }

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => _options.Rule == LateRule.Evidential
        ? Told(nameof(Explain), rows, options, quiet => new FusionExplanation(Views, _weights, RowWeights(rows, _weights), Decide(rows, quiet).Uncertainty))
        : OfWeights(rows, _weights, options);

    private static int[] Present(Views rows, int view) => view < 0 ? [] : [.. Enumerable.Range(0, rows.Rows).Where(row => rows.IsPresent(row, view))];

    private (Tensor<double> Probabilities, double[] Uncertainty) Decide(Views rows, ExecutionOptions? options)
    {
        int classes = Classes.Count;
        double[]?[] said = Said(rows, classes, options);
        double[] result = new double[rows.Rows * classes], uncertainty = new double[rows.Rows];
        for (int i = 0; i < rows.Rows; i++)
        {
            uncertainty[i] = Combine(said.AsSpan(i * Views.Count, Views.Count), result.AsSpan(i * classes, classes));
        }

        return (Tensor.Create(result, [rows.Rows, classes]), uncertainty);
    }

    /// <summary>rows x views: what the view's model says of the row, calibrated; null where it is absent.</summary>
    private double[]?[] Said(Views rows, int columns, ExecutionOptions? options)
    {
        int[] map = Match(rows);
        double[]?[] said = new double[rows.Rows * map.Length][];
        for (int m = 0; m < map.Length; m++)
        {
            int[] present = Present(rows, map[m]);
            if (present.Length == 0) continue;
            double[] all = LateBase.Say(_base.Models[m], _base.Classes, rows.Select(Views[m]).Take(present), options);
            for (int i = 0; i < present.Length; i++)
            {
                double[] row = all.AsSpan(i * columns, columns).ToArray();
                if (Classes.Count > 0) LateBase.Temper(row, _base.Temperatures[m]);
                said[(present[i] * map.Length) + m] = row;
            }
        }

        return said;
    }

    private static int CountOf(ReadOnlySpan<double[]?> said)
    {
        int count = 0;
        foreach (double[]? one in said) count += one is null ? 0 : 1;
        return count;
    }

    /// <summary>One row's probabilities from those of its present views; gives the uncertainty.</summary>
    private double Combine(ReadOnlySpan<double[]?> said, Span<double> result)
    {
        int count = CountOf(said);
        if (count == 0)
        {
            for (int c = 0; c < result.Length; c++) result[c] = Prior[c];
            return 1;
        }

        switch (_options.Rule)
        {
            case LateRule.LogOpinion:
                for (int c = 0; c < result.Length; c++)
                {
                    result[c] = -(count - 1) * Math.Log(Prior[c]);
                    foreach (double[]? one in said) result[c] += one is null ? 0 : Math.Log(one[c]);
                }

                Kernels.Fusion.SoftmaxSolver.Softmax(result);
                return 0;
            case LateRule.Evidential:
                return Evidence(said, result);
            case LateRule.Stacking when StackerOf(said) is { } stacker:
                stacker.Predict(said, result);
                return 0;
            default:
                bool isHard = _options.Rule == LateRule.HardVote;
                foreach (double[]? one in said)
                {
                    if (one is null) continue;
                    // A millionth of the soft vote settles what the hard one leaves open.
                    for (int c = 0; c < result.Length; c++) result[c] += (isHard ? 1e-6 : 1) * one[c];
                    if (isHard) result[TensorPrimitives.IndexOfMax<double>(one)] += 1;
                }

                LateBase.Normalise(result);
                return 0;
        }
    }

    /// <summary>Dempster's rule over masses of single classes and of all of them; the mass of all is shared out among the classes.</summary>
    private double Evidence(ReadOnlySpan<double[]?> said, Span<double> mass)
    {
        double open = 1;
        mass.Clear();
        for (int m = 0; m < said.Length; m++)
        {
            if (said[m] is not { } own) continue;
            double reliable = Math.Min(MostReliable, _base.Accuracies[m]), sum = 0;
            for (int c = 0; c < mass.Length; c++)
            {
                double other = reliable * own[c];
                mass[c] = (mass[c] * other) + (mass[c] * (1 - reliable)) + (open * other);
                sum += mass[c];
            }

            open *= 1 - reliable;
            sum += open;
            for (int c = 0; c < mass.Length; c++) mass[c] /= sum;
            open /= sum;
        }

        for (int c = 0; c < mass.Length; c++) mass[c] += open / mass.Length;
        return open;
    }

    private Stacker? StackerOf(ReadOnlySpan<double[]?> said)
    {
        bool[] present = new bool[said.Length];
        for (int m = 0; m < present.Length; m++) present[m] = said[m] is not null;
        return StackerOf(present);
    }

    private Stacker? StackerOf(bool[] present) => _stackers.GetOrAdd(
        string.Concat(present.Select(one => one ? '1' : '0')),
        _ => _means.Length > 0 ? StackedValues.Fit(_base, _targets, _means, present, _options) : StackedRegression.Fit(_base, _labels, present, _options));
}
