using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted strategy of fusion: classifies rows of views, or predicts their targets, from whichever of the views are present.</summary>
/// <remarks>
/// A view that the rows lack altogether counts as absent in all of them; views that the model does not know are left alone. Models are
/// immutable and thread-safe.
/// </remarks>
public abstract class FusionModel
{
    private readonly bool _isFloat64;

    /// <summary>Keeps what every model has.</summary>
    /// <param name="strategy">The strategy's name.</param>
    /// <param name="views">The views it was fitted to.</param>
    /// <param name="isFloat64">Whether it computes in float64; null for as the views are.</param>
    private protected FusionModel(string strategy, Views views, bool? isFloat64 = null)
    {
        _isFloat64 = isFloat64 ?? views.IsFloat64;
        Strategy = strategy;
        Views = [.. views.Names];
        ClassNames = views.ClassNames;
        if (views.Labels is { } labels) (Classes, Prior) = PriorOf(labels);
    }

    /// <summary>The strategy's name.</summary>
    public string Strategy { get; }

    /// <summary>The names of the views that the model was fitted to.</summary>
    public IReadOnlyList<string> Views { get; }

    /// <summary>The labels that occurred, in ascending order; empty where targets are numbers.</summary>
    public IReadOnlyList<int> Classes { get; } = [];

    /// <summary>By class: its part of the rows that the model was fitted to; what is predicted where no view is present.</summary>
    public IReadOnlyList<double> Prior { get; } = [];

    /// <summary>By label, from 0: its name; null where labels are numbers only.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The class of every row.</summary>
    /// <param name="rows">Rows of the model's views, or of some of them.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <returns>One label per row.</returns>
    /// <exception cref="ArgumentException">None of the model's views is there, one is of another kind or width, or a present value is not finite; the place is named.</exception>
    /// <exception cref="InvalidOperationException">The model predicts numbers.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public virtual int[] Predict(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(Predict), rows, options, quiet => Likeliest(PredictProbabilities(rows, quiet)));
    }

    /// <summary>The probability of every class.</summary>
    /// <returns>rows x classes; a row adds up to 1.</returns>
    /// <inheritdoc cref="Predict"/>
    public abstract Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null);

    /// <summary>The targets of every row.</summary>
    /// <returns>rows x outputs.</returns>
    /// <exception cref="InvalidOperationException">The model predicts classes.</exception>
    /// <inheritdoc cref="Predict"/>
    public virtual Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null) =>
        throw new InvalidOperationException($"{Strategy} was fitted to labels: it predicts classes, not numbers");

    /// <summary>What the model leans on in these rows.</summary>
    /// <inheritdoc cref="Predict"/>
    public abstract FusionExplanation Explain(Views rows, ExecutionOptions? options = null);

    /// <summary>Whether files keep what was fitted; without, they keep the rows, and a model is fitted again.</summary>
    internal virtual bool IsKept => false;

    /// <summary>Writes what was fitted, beside the rows.</summary>
    internal virtual void Write(ModelStateWriter file) => throw new NotSupportedException($"{Strategy} keeps nothing in files");

    /// <summary>The refusal of strategies that mean nothing for numbers.</summary>
    internal static ArgumentException ClassesOnly(string strategy) =>
        new($"{strategy} is defined over classes, and the views have targets: take a strategy of numbers, as kernel-mean, alignf, soft-vote or stacking");

    /// <summary>The mean of each output.</summary>
    internal static double[] MeansOf(Views views)
    {
        (double[] targets, int outputs) = views.RequireTargets();
        return StandardTargets.Means(targets, outputs);
    }

    /// <summary>The classes of labels and their parts.</summary>
    internal static (int[] Classes, double[] Prior) PriorOf(IReadOnlyList<int> labels)
    {
        int[] classes = [.. labels.Distinct().Order()];
        return (classes, [.. classes.Select(one => labels.Count(label => label == one) / (double)labels.Count)]);
    }

    /// <summary>By view of the model: its number in the rows, -1 where they lack it.</summary>
    /// <exception cref="ArgumentException">None is there.</exception>
    private protected int[] Match(Views rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int[] map = [.. Views.Select(name => rows.Names.ToList().IndexOf(name))];
        return Array.Exists(map, at => at >= 0)
            ? map
            : throw new ArgumentException($"the rows have the views {string.Join(", ", rows.Names)}; the model was fitted to {string.Join(", ", Views)}", nameof(rows));
    }

    /// <summary>Weights of each row over the views that are present in it.</summary>
    private protected Tensor<double> RowWeights(Views rows, IReadOnlyList<double> weights)
    {
        int[] map = Match(rows);
        double[] result = HostArray.Create<double>("FusionModel.Explain", rows.Rows, weights.Count);
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = result.AsSpan(i * weights.Count, weights.Count);
            double sum = 0;
            for (int m = 0; m < row.Length; m++) sum += row[m] = map[m] >= 0 && rows.IsPresent(i, map[m]) ? weights[m] : 0;
            for (int m = 0; m < row.Length && sum > 0; m++) row[m] /= sum;
        }

        return Tensor.Create(result, [rows.Rows, weights.Count]);
    }

    /// <summary>By row: whether none of the model's views is present.</summary>
    private protected bool[] Bare(Views rows)
    {
        int[] map = Match(rows);
        return [.. Enumerable.Range(0, rows.Rows).Select(i => !Array.Exists(map, at => at >= 0 && rows.IsPresent(i, at)))];
    }

    /// <summary>Gives rows without any view what is told where nothing is known.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="values">What was predicted, row by row.</param>
    /// <param name="with">The prior, or the means.</param>
    private protected void FillBare(Views rows, Span<double> values, double[] with)
    {
        bool[] isBare = Bare(rows);
        for (int i = 0; i < isBare.Length; i++)
        {
            if (isBare[i]) with.CopyTo(values[(i * with.Length)..]);
        }
    }

    /// <summary>Runs what the model is asked, told as a whole.</summary>
    /// <param name="asked">The method's name.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="options">How to run; null for the defaults.</param>
    /// <param name="answer">The answer, by options that report to this call.</param>
    /// <param name="hasKernel">Whether the options' device computes some of it.</param>
    private protected TResult Told<TResult>(string asked, Views rows, ExecutionOptions? options, Func<ExecutionOptions?, TResult> answer, bool hasKernel = true) =>
        FusionExecution.Run(options, $"{GetType().Name}.{asked}", _isFloat64, hasKernel, answer, _ => $"{Strategy}: {rows.Rows} rows of {Views.Count} views");

    /// <summary>What the model leans on by weights of its own, which no row changes.</summary>
    private protected FusionExplanation OfWeights(Views rows, IReadOnlyList<double> weights, ExecutionOptions? options) =>
        Told(nameof(Explain), rows, options, _ => new FusionExplanation(Views, weights, RowWeights(rows, weights), []), hasKernel: false);

    /// <summary>By row: the class of the highest probability, the first of equal ones.</summary>
    private protected int[] Likeliest(Tensor<double> probabilities)
    {
        int[] labels = new int[probabilities.Lengths[0]];
        for (int i = 0; i < labels.Length; i++)
        {
            int best = 0;
            for (int c = 1; c < Classes.Count; c++)
            {
                if (probabilities[i, c] > probabilities[i, best]) best = c;
            }

            labels[i] = Classes[best];
        }

        return labels;
    }

    /// <summary>Refuses probabilities of a model of numbers.</summary>
    private protected void RequireClasses()
    {
        if (Classes.Count == 0) throw new InvalidOperationException($"{Strategy} was fitted to targets: it predicts numbers; ask {nameof(PredictValues)}");
    }
}
