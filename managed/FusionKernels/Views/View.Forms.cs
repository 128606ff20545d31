using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Modalities that come in other forms: padded series, samples at times of their own, sets of nodes.</content>
public sealed partial class View
{
    /// <summary>Statistics of each feature over the nodes of a set.</summary>
    private const int Statistics = 4;

    /// <summary>Series of several lengths in one tensor, the rest of a shorter one filled with anything.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="padded">rows x time, or rows x time x channels.</param>
    /// <param name="lengths">By row: its samples, 0 to time; what stands behind them is never read.</param>
    /// <exception cref="ArgumentException">The tensor is of another rank, or lengths and rows differ in number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 0 or above time.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Sequences<T>(Tensor<T> padded, IReadOnlyList<int> lengths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(padded);
        ArgumentNullException.ThrowIfNull(lengths);
        if (padded.Rank is not (2 or 3)) throw new ArgumentException($"'{nameof(padded)}' is {Shape.Of(padded.Lengths)}; padded series are rows x time [x channels]", nameof(padded));
        (int rows, int steps) = ((int)padded.Lengths[0], (int)padded.Lengths[1]);
        int channels = padded.Rank == 3 ? (int)padded.Lengths[2] : 1;
        if (lengths.Count != rows) throw new ArgumentException($"there are {lengths.Count} lengths for {rows} rows", nameof(lengths));
        T[] values = new T[padded.FlattenedLength];
        padded.FlattenTo(values);
        Tensor<T>[] series = new Tensor<T>[rows];
        for (int row = 0; row < rows; row++)
        {
            if (lengths[row] < 0 || lengths[row] > steps) throw new ArgumentOutOfRangeException(nameof(lengths), lengths[row], $"row {row}: a length of 0 to {steps} is needed");
            series[row] = Tensor.Create(values.AsSpan(row * steps * channels, lengths[row] * channels).ToArray(), [lengths[row], channels]);
        }

        return Sequences(series);
    }

    /// <summary>Series whose samples have times of their own: linear in between, read at even steps, so that a step is as long in every row and in every view of the same step. The view keeps when each row begins: what puts views side by side aligns them by their times.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">By row: time, or time x channels; any tensor where the row is absent.</param>
    /// <param name="times">By row: the time of each sample, ascending; null where the row is absent.</param>
    /// <param name="step">The time between two samples of the view, above 0, in the unit of the times.</param>
    /// <exception cref="ArgumentException">Rows, samples and times differ in number, or times do not ascend or are not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is not a finite number above 0, or so small that a row has more samples than an array.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Sequences<T>(IReadOnlyList<Tensor<T>> series, IReadOnlyList<double[]?> times, double step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(times);
        if (!(step > 0 && double.IsFinite(step))) throw new ArgumentOutOfRangeException(nameof(step), step, "a finite time above 0 is needed");
        if (times.Count != series.Count) throw new ArgumentException($"there are times of {times.Count} rows for {series.Count} series", nameof(times));
        return AtSteps([.. series.Select((one, row) => times[row] is { } own ? Even(one, own, step, row) : one)], [.. times.Select(own => own is [double first, ..] ? first : 0)], step);
    }

    /// <summary>Series at even steps of a clock.</summary>
    /// <param name="series">By row: time, or time x channels.</param>
    /// <param name="starts">By row: the time of its first sample.</param>
    /// <param name="step">The time between two samples.</param>
    internal static View AtSteps<T>(IReadOnlyList<Tensor<T>> series, double[] starts, double step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        View view = Sequences(series);
        (view._starts, view._step) = (starts, step);
        return view;
    }

    /// <summary>Sets of nodes in no order, of any number: a graph's, a cloud's, a bag's. Each feature is pooled to its mean, its deviation, its least and its greatest value, and the logarithm of 1 + the nodes stands behind them.</summary>
    /// <remarks>Rows are then vectors, whatever the order of the nodes. Where similarities of sets are known, give them as <see cref="Gram{T}"/>.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="nodes">By row: nodes x features; any tensor where the row is absent. An empty set is 0.</param>
    /// <param name="features">Features of a node, 1 or more.</param>
    /// <returns>rows x (4 features + 1); NaN where a set is no matrix of so many features, so that the row must be absent.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no features.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static View Nodes<T>(IReadOnlyList<Tensor<T>> nodes, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        HostExecution.RequireElement<T>("View.Nodes");
        int width = checked((Statistics * features) + 1);
        T[] pooled = new T[checked(nodes.Count * width)];
        for (int row = 0; row < nodes.Count; row++) Pool(nodes[row], features, pooled.AsSpan(row * width, width));
        return new(ViewKind.Vectors, typeof(T) == typeof(double), nodes.Count, width, pooled, null, null);
    }

    private static void Pool<T>(Tensor<T> nodes, int features, Span<T> pooled)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (nodes.Rank != 2 || nodes.Lengths[1] != features)
        {
            pooled.Fill(T.NaN);
            return;
        }

        int count = (int)nodes.Lengths[0];
        pooled[^1] = T.LogP1(T.CreateChecked(count));
        T[] column = new T[count];
        for (int k = 0; k < features && count > 0; k++)
        {
            // In ascending order: the bits of a sum must not tell the order of the nodes.
            for (int i = 0; i < count; i++) column[i] = nodes[i, k];
            Array.Sort(column);
            double mean = column.Average(double.CreateTruncating), spread = column.Average(value => Math.Pow(double.CreateTruncating(value) - mean, 2));
            (pooled[k], pooled[features + k]) = (T.CreateTruncating(mean), T.CreateTruncating(Math.Sqrt(spread)));
            (pooled[(2 * features) + k], pooled[(3 * features) + k]) = (column[0], column[^1]);
        }
    }

    /// <summary>A series at even steps from its first sample to its last.</summary>
    private static Tensor<T> Even<T>(Tensor<T> series, double[] times, double step, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (series.Rank is not (1 or 2) || series.Lengths[0] != times.Length) throw new ArgumentException($"row {row}: {times.Length} times for a series of {Shape.Of(series.Lengths)}", nameof(times));
        int late = Array.FindIndex(times, time => !double.IsFinite(time));
        for (int t = 1; t < times.Length && late < 0; t++) late = times[t] > times[t - 1] ? -1 : t;
        if (late >= 0) throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"row {row}: time {late} (from 0) is {times[late]}: times are finite and ascend"), nameof(times));
        if (times.Length < 2) return series;
        double steps = Math.Floor((times[^1] - times[0]) / step * (1 + 1e-12)) + 1; // an even grid keeps its last sample
        int channels = series.Rank == 2 ? (int)series.Lengths[1] : 1;
        if (!(steps * channels <= Array.MaxLength)) throw new ArgumentOutOfRangeException(nameof(step), step, $"row {row} would have {steps} samples");
        int before = 0;
        Tensor<T> even = LinearSamples.Read(series, (int)steps, t =>
        {
            double at = Math.Min(times[0] + (t * step), times[^1]);
            while (before < times.Length - 2 && times[before + 1] <= at) before++;
            return (before, (at - times[before]) / (times[before + 1] - times[before]));
        });
        return series.Rank == 2 ? even : even.Reshape([(nint)steps]);
    }
}
