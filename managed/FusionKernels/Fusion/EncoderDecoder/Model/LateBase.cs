using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A model of every view, and what they say of rows that they had not seen: what every late rule starts from.</summary>
/// <param name="Models">By view.</param>
/// <param name="Classes">All labels, in ascending order; empty for targets.</param>
/// <param name="OutOfFold">
/// rows x views x classes: probabilities, calibrated where asked; rows x views x outputs: values. NaN where a view is absent. Empty where nothing asked for values.
/// </param>
/// <param name="Temperatures">By view: what logarithms of its probabilities are divided by.</param>
/// <param name="Accuracies">By view: the part of its rows that its out-of-fold probabilities name right.</param>
internal sealed record LateBase(KernelFusionModel[] Models, int[] Classes, double[] OutOfFold, double[] Temperatures, double[] Accuracies)
{
    /// <summary>The least probability that is told from 0: no view vetoes a class alone.</summary>
    private const double Least = 1e-7;

    private const int DefaultFolds = 5;

    /// <summary>Fits every view, once to all rows and once without each fold; a mean of values asks for no folds.</summary>
    public static LateBase Fit(Views views, LateFusionOptions options)
    {
        int folds = FoldsOf(views, options), done = 0;
        int[] classes = views.Labels is { } labels ? [.. labels.Distinct().Order()] : [];
        bool isHeld = views.Labels is not null || options.Rule == LateRule.Stacking;
        double work = (isHeld ? folds + 1 : 1) * views.Count;
        double[] held = isHeld ? HoldOut(views, options, folds, classes, () => options.Progress?.Report(++done / work)) : [];
        KernelFusionOptions how = BaseOptions(options);
        KernelFusionModel[] models = new KernelFusionModel[views.Count];
        double[] temperatures = new double[views.Count], accuracies = new double[views.Count];
        for (int m = 0; m < views.Count; m++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            models[m] = FitView(views, views.Names[m], how);
            (temperatures[m], accuracies[m]) = views.Labels is { } own ? Calibrate(held, own, classes, m, views.Count, options.Calibrate) : (1, 1);
            options.Progress?.Report(++done / work);
        }

        return new(models, classes, held, temperatures, accuracies);
    }

    /// <summary>The same models with what the rule of the options needs beside them.</summary>
    public LateBase For(Views views, LateFusionOptions options) => views.Labels is not null || options.Rule != LateRule.Stacking || OutOfFold.Length > 0
        ? this
        : this with { OutOfFold = HoldOut(views, options, FoldsOf(views, options), Classes, () => { }) };

    /// <summary>rows x views x classes or outputs: what the models of the views say of rows of folds that they had not seen.</summary>
    private static double[] HoldOut(Views views, LateFusionOptions options, int folds, int[] classes, Action told)
    {
        KernelFusionOptions how = BaseOptions(options);
        int columns = views.Labels is null ? views.RequireTargets().Outputs : classes.Length, width = views.Count * columns;
        double[] held = new double[views.Rows * width];
        Array.Fill(held, double.NaN);
        foreach (ViewsSplit split in views.Folds(folds, options.Seed))
        {
            for (int m = 0; m < views.Count; m++)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                int[] present = [.. Enumerable.Range(0, split.Test.Rows).Where(row => split.Test.IsPresent(row, m))];
                if (present.Length > 0)
                {
                    double[] said = Say(FitView(split.Train, views.Names[m], how), classes, split.Test.Select(views.Names[m]).Take(present), options);
                    for (int i = 0; i < present.Length; i++) said.AsSpan(i * columns, columns).CopyTo(held.AsSpan((split.TestRows[present[i]] * width) + (m * columns)));
                }

                told();
            }
        }

        return held;
    }

    private static int FoldsOf(Views views, LateFusionOptions options)
    {
        int folds = options.Folds ?? Math.Clamp(views.Groups?.Distinct().Count() ?? DefaultFolds, 2, DefaultFolds);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2, nameof(options.Folds));
        return folds;
    }

    /// <summary>How the model of a view is fitted.</summary>
    public static KernelFusionOptions BaseOptions(LateFusionOptions options) => (options.Base ?? new()) with
    {
        Device = options.Device,
        Threads = options.Threads,
        Cancellation = options.Cancellation,
        Progress = null,
        Report = options.Report,
        Weighting = KernelWeighting.Mean,
        Weights = null,
        Probabilities = true,
    };

    /// <summary>The rows that the model of a view learns from.</summary>
    public static Views Known(Views views, string name)
    {
        Views one = views.Select(name);
        return one.IsComplete ? one : one.Take([.. Enumerable.Range(0, one.Rows).Where(row => one.IsPresent(row, 0))]);
    }

    /// <summary>What one model says: rows x classes, or rows x outputs where there are no classes; classes that the model never met are as good as impossible.</summary>
    public static double[] Say(KernelFusionModel model, int[] classes, Views rows, ExecutionOptions? options)
    {
        if (classes.Length == 0) return model.PredictValues(rows, options).ToArray();
        Tensor<double> own = model.PredictProbabilities(rows, options);
        double[] result = new double[rows.Rows * classes.Length];
        int[] at = [.. model.Classes.Select(one => Array.BinarySearch(classes, one))];
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = result.AsSpan(i * classes.Length, classes.Length);
            row.Fill(Least);
            for (int c = 0; c < at.Length; c++) row[at[c]] = Math.Max(Least, own[i, c]);
            Normalise(row);
        }

        return result;
    }

    /// <summary>Probabilities to the power of 1 / temperature, in place.</summary>
    public static void Temper(Span<double> row, double temperature)
    {
        for (int c = 0; c < row.Length; c++) row[c] = Math.Max(Least, Math.Pow(row[c], 1 / temperature));
        Normalise(row);
    }

    /// <summary>Makes a row add up to 1.</summary>
    public static void Normalise(Span<double> row)
    {
        double sum = TensorPrimitives.Sum<double>(row);
        for (int c = 0; c < row.Length; c++) row[c] /= sum;
    }

    private static KernelFusionModel FitView(Views views, string name, KernelFusionOptions how)
    {
        try
        {
            return KernelFusion.Fit(Known(views, name), how);
        }
        catch (ArgumentException failure) when (!failure.Message.StartsWith("view", StringComparison.Ordinal))
        {
            throw new ArgumentException($"view '{name}': {failure.Message}", failure);
        }
    }

    /// <summary>The temperature of one view, its out-of-fold accuracy, and its probabilities tempered in place.</summary>
    private static (double Temperature, double Accuracy) Calibrate(double[] held, IReadOnlyList<int> labels, int[] classes, int view, int views, bool tempers)
    {
        List<double> scores = [];
        List<int> own = [];
        int right = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            Span<double> row = held.AsSpan(((i * views) + view) * classes.Length, classes.Length);
            if (double.IsNaN(row[0])) continue;
            own.Add(Array.BinarySearch(classes, labels[i]));
            if (TensorPrimitives.IndexOfMax<double>(row) == own[^1]) right++;
            foreach (double value in row) scores.Add(Math.Log(value));
        }

        if (own.Count == 0) return (1, 0);
        double temperature = tempers ? TemperatureCalibration.Fit(Tensor.Create([.. scores], [own.Count, classes.Length]), [.. own]) : 1;
        for (int i = 0; i < labels.Count && tempers; i++)
        {
            Span<double> row = held.AsSpan(((i * views) + view) * classes.Length, classes.Length);
            if (!double.IsNaN(row[0])) Temper(row, temperature);
        }

        return (temperature, right / (double)own.Count);
    }
}
