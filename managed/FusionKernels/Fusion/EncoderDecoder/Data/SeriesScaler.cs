using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Means and deviations of the channels of a view of series, over the rows in which it is present.</summary>
internal sealed class SeriesScaler
{
    private readonly double[] _means;
    private readonly double[] _scales;

    private SeriesScaler(double[] means, double[] scales, int[] lengths) => (_means, _scales, Lengths) = (means, scales, lengths);

    /// <summary>By channel: its mean, and 1 over its deviation; 0 where it does not vary.</summary>
    public (double[] Means, double[] Scales) Scaler => (_means, _scales);

    /// <summary>Channels.</summary>
    public int Channels => _means.Length;

    /// <summary>Steps of the series that it was fitted to.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>The scaler of a file.</summary>
    public static SeriesScaler Of(double[] means, double[] scales, int[] lengths) => new(means, scales, lengths);

    /// <summary>Fits the scale of every channel.</summary>
    /// <exception cref="ArgumentException">The view is present nowhere, a series is empty or of other channels, or a sample is not finite.</exception>
    public static SeriesScaler Fit(Views views, int m)
    {
        View view = views.At(m);
        int[] rows = views.RowsWith(m);
        if (rows.Length == 0) throw new ArgumentException($"view '{views.Names[m]}' is present in none of the {views.Rows} rows");
        int channels = view.Series<double>(rows[0]) is { Rank: 2 } first ? (int)first.Lengths[1] : 1;
        Tensor<double>[] series = [.. rows.Select(row => Read(view, row, views.Names[m], channels))];
        double[] means = new double[channels], scales = new double[channels];
        double count = series.Sum(one => (double)one.Lengths[0]);
        foreach (Tensor<double> one in series) Each(one, channels, (c, value) => means[c] += value / count);
        foreach (Tensor<double> one in series) Each(one, channels, (c, value) => scales[c] += (value - means[c]) * (value - means[c]) / count);
        for (int c = 0; c < channels; c++) scales[c] = scales[c] > 0 ? 1 / Math.Sqrt(scales[c]) : 0;
        return new(means, scales, [.. series.Select(one => (int)one.Lengths[0])]);
    }

    /// <summary>One series as time x channels.</summary>
    /// <exception cref="ArgumentException">It is empty or of other channels, or a sample is not finite.</exception>
    public Tensor<double> Read(View view, int row, string name) => Read(view, row, name, Channels);

    /// <summary>A sample of a channel, scaled.</summary>
    public double Scale(double value, int channel) => (value - _means[channel]) * _scales[channel];

    /// <summary>The sample that a scaled one was.</summary>
    public double Unscale(double value, int channel) => _scales[channel] > 0 ? (value / _scales[channel]) + _means[channel] : _means[channel];

    private static Tensor<double> Read(View view, int row, string name, int channels)
    {
        Tensor<double> series = view.Series<double>(row);
        if (series.FlattenedLength == 0 || series.Rank is not (1 or 2)) throw new ArgumentException($"view '{name}', row {row}: the series is {Shape.Of(series.Lengths)}; time, or time x channels is needed");
        Tensor<double> matrix = series.Rank == 2 ? series : series.Reshape([series.Lengths[0], 1]);
        if (matrix.Lengths[1] != channels) throw new ArgumentException($"view '{name}', row {row} has {matrix.Lengths[1]} channels, others have {channels}");
        int at = 0;
        foreach (double value in matrix)
        {
            if (!double.IsFinite(value)) throw new ArgumentException($"view '{name}', row {row}, time {at / channels}, channel {at % channels} is not a finite number");
            at++;
        }

        return matrix;
    }

    private static void Each(Tensor<double> series, int channels, Action<int, double> add)
    {
        int at = 0;
        foreach (double value in series) add(at++ % channels, value);
    }
}
