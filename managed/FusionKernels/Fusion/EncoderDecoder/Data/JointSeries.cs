using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Series of all views as one series of all channels.</summary>
internal sealed class JointSeries
{
    /// <summary>Steps where none are asked for: a series of 200 aligns in the time of its Gram matrix's other costs.</summary>
    private const int MostSteps = 200;

    private readonly double[][] _means;
    private readonly double[][] _scales;
    private readonly int _length;
    private readonly bool _warps;

    private JointSeries(double[][] means, double[][] scales, int length, bool warps) =>
        (_means, _scales, _length, _warps) = (means, scales, length, warps);

    /// <summary>Fits the clock and the scale of every channel.</summary>
    public static JointSeries Fit(Views views, CommonClockOptions options)
    {
        double[][] means = new double[views.Count][], scales = new double[views.Count][];
        List<nint> lengths = [];
        for (int m = 0; m < views.Count; m++)
        {
            View view = views.At(m);
            if (view.Kind != ViewKind.Sequences) throw new ArgumentException($"view '{views.Names[m]}' is of {view.Kind}: a common clock is of series");
            int[] rows = [.. Enumerable.Range(0, views.Rows).Where(row => views.IsPresent(row, m))];
            if (rows.Length == 0) throw new ArgumentException($"view '{views.Names[m]}' is present in none of the {views.Rows} rows");
            Tensor<double>[] series = [.. rows.Select(row => Checked(view, row, views.Names[m], (int)(view.Series<double>(rows[0]) is { Rank: 2 } first ? first.Lengths[1] : 1)))];
            lengths.AddRange(series.Select(one => one.Lengths[0]));
            int channels = (int)series[0].Lengths[1];
            (means[m], scales[m]) = (new double[channels], new double[channels]);
            double count = series.Sum(one => (double)one.Lengths[0]);
            foreach (Tensor<double> one in series) Add(one, channels, (c, value) => means[m][c] += value / count);
            foreach (Tensor<double> one in series) Add(one, channels, (c, value) => scales[m][c] += (value - means[m][c]) * (value - means[m][c]) / count);
            for (int c = 0; c < channels; c++) scales[m][c] = scales[m][c] > 0 ? 1 / Math.Sqrt(scales[m][c]) : 0;
        }

        lengths.Sort();
        return new(means, scales, options.Length ?? (int)Math.Min(MostSteps, lengths[lengths.Count / 2]), options.Warp);
    }

    /// <summary>Rows as one view of joint series, absent where none of theirs is present.</summary>
    public Views Of(Views rows, IReadOnlyList<string> names)
    {
        Tensor<double>[] joint = new Tensor<double>[rows.Rows];
        bool[] present = new bool[rows.Rows];
        int channels = _means.Sum(one => one.Length);
        int[] map = [.. names.Select(name => rows.Names.ToList().IndexOf(name))];
        for (int i = 0; i < joint.Length; i++)
        {
            double[] values = new double[_length * channels];
            Tensor<double>? reference = null;
            int first = 0;
            for (int m = 0; m < map.Length; first += _means[m].Length, m++)
            {
                if (map[m] < 0 || !rows.IsPresent(i, map[m])) continue;
                if (rows.At(map[m]).Kind != ViewKind.Sequences) throw new ArgumentException($"view '{names[m]}' is of {rows.At(map[m]).Kind}; the model was fitted to Sequences");
                present[i] = true;
                Tensor<double> series = CommonClock.Resample(Checked(rows.At(map[m]), i, names[m], _means[m].Length), _length);
                if (_warps && reference is not null) series = CommonClock.Warp(series, reference);
                reference ??= series;
                for (int t = 0; t < _length; t++)
                {
                    for (int c = 0; c < _means[m].Length; c++) values[(t * channels) + first + c] = (series[t, c] - _means[m][c]) * _scales[m][c];
                }
            }

            joint[i] = Tensor.Create(values, [_length, channels]);
        }

        Views result = Views.Of(("joint", View.Sequences<double>(joint))).WithPresence(Tensor.Create(present, [rows.Rows, 1]));
        if (rows.Labels is { } labels) return result.WithLabels([.. labels]);
        return rows.Targets is { } targets ? result.WithTargets(targets) : result;
    }

    private static Tensor<double> Checked(View view, int row, string name, int channels)
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

    private static void Add(Tensor<double> series, int channels, Action<int, double> add)
    {
        int at = 0;
        foreach (double value in series) add(at++ % channels, value);
    }
}
