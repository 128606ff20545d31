using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Classifies series by their nearest training series under dynamic time warping (k nearest neighbours).</summary>
/// <remarks>
/// The majority of the neighbours decides; between classes with as many votes, the one with the nearest neighbour, and of equally near
/// ones the first in the training set. Immutable as long as the training series are left alone; thread-safe. See
/// <see cref="Dtw.Neighbours{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}}, int, DtwOptions?)"/> for how neighbours are found.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DtwClassifier<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Tensor<T>> _series;
    private readonly ClassLabels _labels;
    private readonly DtwOptions _options;

    private DtwClassifier(IReadOnlyList<Tensor<T>> series, ClassLabels labels, int neighbours, DtwOptions options)
    {
        (_series, _labels, Neighbours, _options) = (series, labels, neighbours, options);
    }

    /// <summary>Training series that vote.</summary>
    public int Neighbours { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes => _labels.Names;

    /// <summary>Remembers a labelled set.</summary>
    /// <param name="training">The set; it must have labels.</param>
    /// <param name="neighbours">Training series that vote, 1 to as many as there are.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <exception cref="ArgumentException">The set has no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer series than neighbours, or none is to vote.</exception>
    public static DtwClassifier<T> Fit(TimeSeriesSet<T> training, int neighbours = 1, DtwOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Fit(training.Series, LabelsOf(training, nameof(training)), neighbours, options);
    }

    /// <summary>Remembers labelled series.</summary>
    /// <param name="series">The series, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="neighbours">Training series that vote, 1 to as many as there are.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <exception cref="ArgumentException">The labels are not one for each series.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer series than neighbours, or none is to vote.</exception>
    public static DtwClassifier<T> Fit(IReadOnlyList<Tensor<T>> series, ClassLabels labels, int neighbours = 1, DtwOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != series.Count) throw new ArgumentException($"{labels.Count} labels for {series.Count} series: each needs one", nameof(labels));
        if (neighbours < 1 || neighbours > series.Count) throw new ArgumentOutOfRangeException(nameof(neighbours), neighbours, $"of {series.Count} training series 1 to {series.Count} can vote");
        return new(series, labels, neighbours, options ?? new());
    }

    /// <summary>
    /// The radius, as a part of the length, that gets the fewest of the training series wrong when each is classified by the others
    /// (leave one out): the least one of those that do as well.
    /// </summary>
    /// <param name="training">The set; it must have labels, and at least one series more than neighbours.</param>
    /// <param name="fractions">The radii to try, each 0 to 1; null for 0 to 0.2 in steps of 0.01.</param>
    /// <param name="neighbours">Training series that vote.</param>
    /// <param name="options">Everything but the window; null for the defaults.</param>
    /// <exception cref="ArgumentException">The set has no labels, or there is nothing to try.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A fraction is outside 0 to 1, or there are not more series than neighbours.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DtwWindowChoice ChooseWindow(TimeSeriesSet<T> training, IReadOnlyList<double>? fractions = null, int neighbours = 1, DtwOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ClassLabels labels = LabelsOf(training, nameof(training));
        double[] radii = [.. (fractions ?? [.. Enumerable.Range(0, 21).Select(percent => percent / 100.0)]).Order()];
        if (radii.Length == 0) throw new ArgumentException("there is no fraction to try; give at least one, or null", nameof(fractions));
        using Execution execution = Execution.Begin<T>(options, "DtwClassifier.ChooseWindow");
        ExecutionReport? told = null;
        DtwOptions quiet = (options ?? new()) with { Report = execution.IsReported ? report => told = report : null };
        double flops = 0;
        DtwWindowChoice? best = null;
        for (int r = 0; r < radii.Length; r++)
        {
            DtwOptions narrowed = quiet with { Window = WarpingWindow.Fraction(radii[r]), Progress = PartialProgress.Of(options?.Progress, r, radii.Length) };
            DtwNeighbours<T> found = Dtw.Neighbours(training.Series, neighbours, narrowed);
            DtwClassifierScore score = Compare(Vote(found, labels), labels);
            if (best is null || score.Errors < best.Value.Score.Errors) best = new(radii[r], score);
            flops += told?.Flops ?? 0;
        }

        execution.Skipped(told?.SkippedValues ?? 0);
        execution.CompleteWhole<T>($"{radii.Length} radii, the nearest of {training.Series.Count} series by each", flops, told?.PeakBytes ?? 0);
        return best!.Value;
    }

    /// <summary>The class of each series.</summary>
    /// <param name="series">The series, each time or time x channels, with the training series' channels.</param>
    /// <returns>Their classes; the names are those of the training set.</returns>
    /// <inheritdoc cref="PredictWithNeighbours"/>
    public ClassLabels Predict(IReadOnlyList<Tensor<T>> series) => PredictWithNeighbours(series).Labels;

    /// <summary>The class of each series, with the training series that voted for it.</summary>
    /// <param name="series">The series, each time or time x channels, with the training series' channels.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite (its place is named), or no training series is at a finite distance.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public DtwPrediction<T> PredictWithNeighbours(IReadOnlyList<Tensor<T>> series)
    {
        DtwNeighbours<T> found = Dtw.Neighbours(series, _series, Neighbours, _options);
        return new(Vote(found, _labels), found);
    }

    /// <summary>How many series of a labelled set are given another class than theirs. A class that the training set lacks is always wrong.</summary>
    /// <param name="test">The set; it must have labels.</param>
    /// <exception cref="ArgumentException">The set has no labels, or a series is as <see cref="PredictWithNeighbours"/> refuses.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public DtwClassifierScore Score(TimeSeriesSet<T> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        ClassLabels labels = LabelsOf(test, nameof(test));
        return Compare(Predict(test.Series), labels);
    }

    private static ClassLabels LabelsOf(TimeSeriesSet<T> set, string name) =>
        set.Labels ?? throw new ArgumentException($"the set '{set.ProblemName}' has no class labels", name);

    private static DtwClassifierScore Compare(ClassLabels predicted, ClassLabels actual)
    {
        int errors = 0;
        for (int i = 0; i < actual.Count; i++)
        {
            if (predicted[i] != actual[i]) errors++;
        }

        return new(errors, actual.Count);
    }

    private static ClassLabels Vote(DtwNeighbours<T> found, ClassLabels labels)
    {
        int rows = (int)found.Indices.Lengths[0], count = (int)found.Indices.Lengths[1];
        string[] classes = new string[rows];
        int[] votes = new int[labels.Names.Count];
        for (int row = 0; row < rows; row++)
        {
            Array.Clear(votes);
            for (int k = 0; k < count && found.Indices[row, k] >= 0; k++) votes[labels.Indices[found.Indices[row, k]]]++;
            int most = votes.Max();
            if (most == 0) throw new ArgumentException($"no training series is at a finite distance of series {row}: its window may leave no path, or samples are missing");

            // Neighbours are in order, so the first of a leading class is the nearest.
            int nearest = 0;
            while (votes[labels.Indices[found.Indices[row, nearest]]] < most) nearest++;
            classes[row] = labels[found.Indices[row, nearest]];
        }

        return ClassLabels.From(classes, labels.Names);
    }
}
