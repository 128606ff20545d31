using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Series of all views as one series of all channels.</summary>
internal sealed class JointSeries
{
    /// <summary>Steps where none are asked for: a series of 200 aligns in the time of its Gram matrix's other costs.</summary>
    private const int MostSteps = 200;

    private readonly SeriesScaler[] _scalers;
    private readonly RowClock _clock;
    private readonly bool _warps;

    private JointSeries(SeriesScaler[] scalers, RowClock clock, bool warps) => (_scalers, _clock, _warps) = (scalers, clock, warps);

    /// <summary>Fits the clock and the scale of every channel.</summary>
    public static JointSeries Fit(Views views, CommonClockOptions options)
    {
        SeriesScaler[] scalers = new SeriesScaler[views.Count];
        for (int m = 0; m < views.Count; m++)
        {
            if (views.At(m).Kind != ViewKind.Sequences) throw new ArgumentException($"view '{views.Names[m]}' is of {views.At(m).Kind}: a common clock is of series");
            scalers[m] = SeriesScaler.Fit(views, m);
        }

        return new(scalers, RowClock.Fit(views, scalers, options.Length, MostSteps), options.Warp);
    }

    /// <summary>Rows as one view of joint series, absent where none of theirs is present.</summary>
    public Views Of(Views rows, IReadOnlyList<string> names)
    {
        Tensor<double>[] joint = new Tensor<double>[rows.Rows];
        bool[] present = new bool[rows.Rows];
        int channels = _scalers.Sum(one => one.Channels);
        int[] map = [.. names.Select(name => rows.Names.ToList().IndexOf(name))];
        for (int i = 0; i < joint.Length; i++)
        {
            double[] values = new double[_clock.Length * channels];
            Tensor<double>?[] read = _clock.Read(rows, i, map, names);
            Tensor<double>? reference = Array.Find(read, one => one is not null);
            present[i] = reference is not null;
            int first = 0;
            for (int m = 0; m < map.Length; first += _scalers[m].Channels, m++)
            {
                if (read[m] is not { } series) continue;
                if (_warps && !ReferenceEquals(series, reference)) series = CommonClock.Warp(series, reference!);
                for (int t = 0; t < _clock.Length; t++)
                {
                    for (int c = 0; c < _scalers[m].Channels; c++) values[(t * channels) + first + c] = _scalers[m].Scale(series[t, c], c);
                }
            }

            joint[i] = Tensor.Create(values, [_clock.Length, channels]);
        }

        Views result = Views.Of(("joint", View.Sequences<double>(joint))).WithPresence(Tensor.Create(present, [rows.Rows, 1]));
        if (rows.Labels is { } labels) return result.WithLabels([.. labels]);
        return rows.Targets is { } targets ? result.WithTargets(targets) : result;
    }
}
