using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>
/// Reads the series of a row's views at as many instants: those with time stamps at the same ones, evenly from the earliest first sample to the
/// latest last one, their ends held; those without from their first sample to their last.
/// </summary>
internal sealed class RowClock
{
    private readonly SeriesScaler?[] _scalers;
    private readonly bool[] _isTimed;

    private RowClock(SeriesScaler?[] scalers, bool[] isTimed, int length) => (_scalers, _isTimed, Length) = (scalers, isTimed, length);

    /// <summary>Instants of a row.</summary>
    public int Length { get; }

    /// <summary>Fits the clock of training rows.</summary>
    /// <param name="views">The training rows.</param>
    /// <param name="scalers">By view: the scaler of its series; null where it is of others.</param>
    /// <param name="length">Instants; null for the median length of the training series.</param>
    /// <param name="most">Most instants where they are not given.</param>
    public static RowClock Fit(Views views, SeriesScaler?[] scalers, int? length, int most)
    {
        int[] lengths = [.. scalers.Where(one => one is not null).SelectMany(one => one!.Lengths).Order()];
        return new(scalers, [.. Enumerable.Range(0, views.Count).Select(m => views.At(m).Step is not null)], length ?? Math.Min(most, lengths[lengths.Length / 2]));
    }

    /// <summary>The series of a row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="map">By view of the clock: its number among the rows' views; -1 where they lack it.</param>
    /// <param name="names">The names, for errors.</param>
    /// <returns>By view: length x channels; null where it is absent or no series.</returns>
    /// <exception cref="ArgumentException">A view is of another kind or of other channels, has time stamps where the training rows had none, or the reverse; or a present sample is not finite.</exception>
    public Tensor<double>?[] Read(Views rows, int row, int[] map, IReadOnlyList<string> names)
    {
        Tensor<double>?[] series = new Tensor<double>?[map.Length];
        (double begin, double end) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int m = 0; m < map.Length; m++)
        {
            if (_scalers[m] is null || map[m] < 0 || !rows.IsPresent(row, map[m])) continue;
            View view = rows.At(map[m]);
            RequireFit(view, m, names[m]);
            Tensor<double> one = _scalers[m]!.Read(view, row, names[m]);
            series[m] = one;
            if (view.Step is not { } step) continue;
            (begin, end) = (Math.Min(begin, view.StartOf(row)), Math.Max(end, view.StartOf(row) + (step * (one.Lengths[0] - 1))));
        }

        for (int m = 0; m < map.Length; m++)
        {
            if (series[m] is not { } one) continue;
            View view = rows.At(map[m]);
            series[m] = view.Step is { } step
                ? LinearSamples.ReadAt(one, Length, t => (begin + (CommonClock.Part(t, Length) * (end - begin)) - view.StartOf(row)) / step)
                : CommonClock.Resample(one, Length);
        }

        return series;
    }

    private void RequireFit(View view, int m, string name)
    {
        if (view.Kind != ViewKind.Sequences) throw new ArgumentException($"view '{name}' is of {view.Kind}; the model was fitted to {ViewKind.Sequences}");
        if (view.Step is null == _isTimed[m]) throw new ArgumentException($"view '{name}' has {(_isTimed[m] ? "no time stamps; the model was fitted to series that have" : "time stamps; the model was fitted to series without")}");
    }
}
