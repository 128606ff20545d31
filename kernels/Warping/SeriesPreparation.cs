using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>Turns series as they were given into what a problem's rule reads.</summary>
/// <remarks>
/// Cosine costs read samples of length 1; edit distance with real penalty a step value, what leaving the sample out costs,
/// and the border that follows from it; edit distance on real sequences the tolerance; move-split-merge the sample before;
/// time warp edit distance each sample with the one before it and the cost of the step between them. Every other problem
/// reads series as they are.
/// </remarks>
internal static class SeriesPreparation
{
    /// <summary>Whether the problem reads series as they are.</summary>
    public static bool IsIdentity(WarpingProblem problem) => problem.Cost != PointCost.Cosine
        && problem.Recurrence is not (WarpingRecurrence.Gap or WarpingRecurrence.Edit or WarpingRecurrence.MoveSplitMerge or WarpingRecurrence.TimeWarpEdit);

    /// <summary>The series as the problem's rule reads them; the same object where they are read as they are.</summary>
    public static SeriesPack<T> Prepare<T>(SeriesPack<T> series, WarpingProblem problem)
        where T : unmanaged => IsIdentity(problem)
            ? series
            : problem.Recurrence switch
            {
                WarpingRecurrence.Gap => WithGapCosts(series, problem),
                WarpingRecurrence.Edit => WithTolerance(series, problem),
                WarpingRecurrence.MoveSplitMerge => WithSampleBefore(series),
                WarpingRecurrence.TimeWarpEdit => WithStepBefore(series, problem),
                _ => OfUnitLength(series),
            };

    /// <summary>The series as the problem's rule reads them, one pack for each alignment of a pair: one, or one for each channel.</summary>
    public static SeriesPack<T>[] Parts<T>(SeriesPack<T> series, WarpingProblem problem)
        where T : unmanaged => problem.Independent && series.Channels > 1
            ? [.. Enumerable.Range(0, series.Channels).Select(channel => Prepare(OfChannel(series, channel), problem))]
            : [Prepare(series, problem)];

    /// <summary>The value of every |i - j| below the number of <paramref name="values"/>, where the problem's rule reads one.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="rows">The length of x.</param>
    /// <param name="columns">The length of y.</param>
    /// <param name="values">max(rows, columns) values.</param>
    public static void FillLags<T>(WarpingProblem problem, int rows, int columns, Span<T> values)
        where T : unmanaged
    {
        double half = Math.Max(rows, columns) / 2.0;
        for (int lag = 0; lag < values.Length; lag++)
        {
            values[lag] = Element.Of<T>(problem.Recurrence == WarpingRecurrence.Weighted
                ? 1 / (1 + Math.Exp(-problem.A * (lag - half)))
                : 2 * problem.A * lag);
        }
    }

    private static SeriesPack<T> OfChannel<T>(SeriesPack<T> series, int channel)
        where T : unmanaged
    {
        SeriesPack<T> one = new(series.Lengths, 1);
        for (int step = 0; step < series.Steps; step++) one.Values[step] = series.Values[(step * series.Channels) + channel];
        return one;
    }

    private static SeriesPack<T> OfUnitLength<T>(SeriesPack<T> series)
        where T : unmanaged
    {
        SeriesPack<T> prepared = new(series.Lengths, series.Channels);
        for (int step = 0; step < series.Steps; step++)
        {
            ReadOnlySpan<T> sample = Sample(series, step);
            double norm = Norm(sample);
            Span<T> target = Sample(prepared, step);
            for (int c = 0; c < target.Length; c++) target[c] = norm == 0 ? default : Element.Of<T>(Element.ToDouble(sample[c]) / norm);
        }

        return prepared;
    }

    private static SeriesPack<T> WithGapCosts<T>(SeriesPack<T> series, WarpingProblem problem)
        where T : unmanaged
    {
        SeriesPack<T> prepared = new(series.Lengths, series.Channels, hasStepValues: true, hasBorderValues: true);
        series.Values.CopyTo(prepared.Values, 0);
        double[] gap = new double[series.Channels];
        Array.Fill(gap, problem.A);
        for (int i = 0; i < series.Count; i++)
        {
            int start = series.Starts[i], end = start + series.Lengths[i];
            double sum = 0;
            for (int step = start; step < end; step++)
            {
                double cost = Distance(problem.Cost, Sample(series, step), gap);
                sum += cost;
                prepared.StepValues![step] = Element.Of<T>(cost);
                prepared.BorderValues![step] = Element.Of<T>(sum);
            }

            if (!problem.SumsGapsSoFar) Array.Fill(prepared.BorderValues!, Element.Of<T>(sum), start, end - start);
        }

        return prepared;
    }

    private static SeriesPack<T> WithTolerance<T>(SeriesPack<T> series, WarpingProblem problem)
        where T : unmanaged
    {
        SeriesPack<T> prepared = new(series.Lengths, series.Channels, hasStepValues: true);
        series.Values.CopyTo(prepared.Values, 0);
        for (int i = 0; i < series.Count; i++)
        {
            double tolerance = double.IsNaN(problem.A) ? Deviation<T>(series[i]) / 4 : problem.A;
            Array.Fill(prepared.StepValues!, Element.Of<T>(tolerance), series.Starts[i], series.Lengths[i]);
        }

        return prepared;
    }

    private static SeriesPack<T> WithSampleBefore<T>(SeriesPack<T> series)
        where T : unmanaged
    {
        SeriesPack<T> prepared = new(series.Lengths, series.Channels, hasStepValues: true);
        series.Values.CopyTo(prepared.Values, 0);
        for (int i = 0; i < series.Count; i++)
        {
            int start = series.Starts[i];
            for (int step = 0; step < series.Lengths[i]; step++) prepared.StepValues![start + step] = series.Values[start + Math.Max(0, step - 1)];
        }

        return prepared;
    }

    private static SeriesPack<T> WithStepBefore<T>(SeriesPack<T> series, WarpingProblem problem)
        where T : unmanaged
    {
        int channels = series.Channels;
        SeriesPack<T> prepared = new(series.Lengths, 2 * channels, hasStepValues: true);
        double[] before = new double[channels];
        for (int i = 0; i < series.Count; i++)
        {
            // Before its first sample a series is 0.
            Array.Clear(before);
            for (int step = series.Starts[i]; step < series.Starts[i] + series.Lengths[i]; step++)
            {
                ReadOnlySpan<T> sample = Sample(series, step);
                Span<T> target = Sample(prepared, step);
                prepared.StepValues![step] = Element.Of<T>(Distance(PointCost.Euclidean, sample, before) + problem.A + problem.B);
                for (int c = 0; c < channels; c++)
                {
                    target[c] = sample[c];
                    target[channels + c] = Element.Of<T>(before[c]);
                    before[c] = Element.ToDouble(sample[c]);
                }
            }
        }

        return prepared;
    }

    private static Span<T> Sample<T>(SeriesPack<T> series, int step)
        where T : unmanaged => series.Values.AsSpan(step * series.Channels, series.Channels);

    /// <summary>The population standard deviation of all values.</summary>
    private static double Deviation<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        double sum = 0, squares = 0;
        foreach (T value in values) sum += Element.ToDouble(value);
        double mean = sum / values.Length;
        foreach (T value in values) squares += (Element.ToDouble(value) - mean) * (Element.ToDouble(value) - mean);
        return Math.Sqrt(squares / values.Length);
    }

    private static double Norm<T>(ReadOnlySpan<T> sample)
        where T : unmanaged
    {
        double sum = 0;
        foreach (T value in sample) sum += Element.ToDouble(value) * Element.ToDouble(value);
        return Math.Sqrt(sum);
    }

    private static double Distance<T>(PointCost cost, ReadOnlySpan<T> sample, ReadOnlySpan<double> other)
        where T : unmanaged
    {
        double sum = 0;
        for (int c = 0; c < sample.Length; c++)
        {
            double difference = Math.Abs(Element.ToDouble(sample[c]) - other[c]);
            sum += cost == PointCost.Absolute ? difference : difference * difference;
        }

        return cost == PointCost.Euclidean ? Math.Sqrt(sum) : sum;
    }
}
