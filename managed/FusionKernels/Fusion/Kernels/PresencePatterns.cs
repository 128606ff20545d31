using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A kernel and a learner for every set of present views that was met. Thread-safe.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="whole">The kernel of all views.</param>
/// <param name="learned">What was learned with all of them.</param>
/// <param name="training">The training rows: views, presence and labels or targets.</param>
/// <param name="options">How the whole was fitted.</param>
/// <param name="landmarks">The rows that others are compared with; null for all training rows.</param>
/// <param name="numbers">Their numbers among the training rows, ascending.</param>
internal sealed class PresencePatterns<T>(FusedKernel<T> whole, LearnedKernel<T> learned, Views training, KernelFusionOptions options, Views? landmarks = null, int[]? numbers = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Pattern _whole = new(whole, learned, null);
    private readonly ConcurrentDictionary<(string Present, bool Probabilities), Pattern> _patterns = new();

    /// <summary>The kernel of all views.</summary>
    public FusedKernel<T> Kernel => whole;

    /// <summary>The learner of all views.</summary>
    public LearnedKernel<T> Whole => learned;

    /// <summary>Writes which rows others are compared with, where these are not all.</summary>
    public void WriteLandmarks(ModelStateWriter file)
    {
        if (numbers is null) return;
        file.Add("landmarks", [.. numbers.Select(number => (long)number)]);
        if (options.Landmarks!.Tolerance is { } tolerance) file.Add("tolerance", [tolerance]);
    }

    /// <summary>Asks each row's own learner: the rows of one set of views together.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="map">By view of the model: its number in the rows, -1 where they lack it.</param>
    /// <param name="names">The names, for errors.</param>
    /// <param name="how">How to run.</param>
    /// <param name="probabilities">Whether probabilities are asked for.</param>
    /// <param name="tell">Takes a learner, the Gram matrix of some rows against its training rows, and their numbers.</param>
    public void Each(Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? how, bool probabilities, Action<LearnedKernel<T>, Tensor<T>, int[]> tell)
    {
        string all = new('1', map.Length);
        if (rows.Rows == 0) tell(learned, whole.Against(rows, map, names, how), []);
        foreach (IGrouping<string, int> group in Enumerable.Range(0, rows.Rows).GroupBy(Key).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            int[] numbers = [.. group];
            Pattern pattern = group.Key == all || !group.Key.Contains('1') ? _whole : Of(group.Key, probabilities, how);
            Tensor<T> gram = pattern.Kernel.Against(numbers.Length == rows.Rows ? rows : rows.Take(numbers), map, names, how);
            if (pattern.Rows is { } kept) gram = GramPart.Columns(gram, kept);
            tell(pattern.Learned, gram, numbers);
        }

        string Key(int row) => options.Absent == AbsentViews.Rescale ? all : string.Concat(map.Select(at => at >= 0 && rows.IsPresent(row, at) ? '1' : '0'));
    }

    private Pattern Of(string present, bool probabilities, ExecutionOptions? how) => _patterns.GetOrAdd((present, probabilities && options.Probabilities), key => Fit(key.Present, key.Probabilities, how));

    private Pattern Fit(string present, bool probabilities, ExecutionOptions? how)
    {
        double[] weights = [.. whole.Weights.Select((weight, m) => present[m] == '1' ? weight : 0)];
        double sum = weights.Sum();
        int count = present.Count(one => one == '1');
        // Views that the weights have left out are all that there is: they weigh alike.
        for (int m = 0; m < weights.Length; m++) weights[m] = sum > 0 ? weights[m] / sum : present[m] == '1' ? 1.0 / count : 0;
        int[] kept = RowsOf(training, weights);
        Views known = kept.Length == training.Rows ? training : training.Take(kept);
        if (!Suffices(known)) return _whole;
        KernelFusionOptions fitting = options with { Device = how?.Device, Threads = how?.Threads ?? 0, Cancellation = how?.Cancellation ?? default, Progress = null, Report = how?.Report, Probabilities = probabilities };
        if (landmarks is not null) return AtLandmarks(known, kept, weights, fitting);
        FusedKernel<T> kernel = KernelFusionFit.OfPresent(whole, training, weights);
        Tensor<T> gram = kernel.SumOfViews(fitting);
        if (kept.Length < training.Rows) gram = GramPart.Take(gram, kept, kept);
        return new(kernel, KernelFusionFit.Learn(new FusedMatrix<T>(gram), known, fitting), kept.Length < training.Rows ? kept : null);
    }

    /// <summary>The same by the landmarks that have any of the views.</summary>
    private Pattern AtLandmarks(Views known, int[] kept, double[] weights, KernelFusionOptions fitting)
    {
        int[] columns = RowsOf(landmarks!, weights);
        if (columns.Length == 0) return _whole;
        FusedKernel<T> kernel = KernelFusionFit.OfPresent(whole, landmarks!, weights);
        Tensor<T> against = kernel.AgainstKept(known, fitting);
        if (columns.Length < landmarks!.Rows) against = GramPart.Columns(against, columns);
        NystromFactor factor = Nystrom.Of(against, [.. columns.Select(at => Array.BinarySearch(kept, numbers![at]))], options.Landmarks!.Tolerance, KernelFusionFit.OnHost(fitting));
        return new(kernel, KernelFusionFit.Learn(new FusedMatrix<T>(against, factor), known, fitting), columns.Length < landmarks.Rows ? columns : null);
    }

    /// <summary>The rows that have any of the views that weigh something.</summary>
    private static int[] RowsOf(Views rows, double[] weights) => [.. Enumerable.Range(0, rows.Rows).Where(row => Enumerable.Range(0, weights.Length).Any(m => weights[m] > 0 && rows.IsPresent(row, m)))];

    /// <summary>Whether the rows that have any of the views are of every class, twice.</summary>
    private bool Suffices(Views known)
    {
        if (training.Labels is not { } labels) return known.Rows >= 2;
        ILookup<int, int> rows = known.Labels!.ToLookup(label => label);
        return labels.Distinct().All(label => rows[label].Count() >= 2);
    }

    /// <summary>One set of views.</summary>
    /// <param name="Kernel">Its kernel.</param>
    /// <param name="Learned">What was learned with it.</param>
    /// <param name="Rows">The training rows that it compares with; null for all, or all landmarks.</param>
    private sealed record Pattern(FusedKernel<T> Kernel, LearnedKernel<T> Learned, int[]? Rows);
}
