using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Views of series as vectors, for what learns from features: each read at as many instants of its row's clock, channels of an instant side by side.</summary>
internal sealed class SeriesVectors
{
    /// <summary>Instants at the most: enough for the course of a series, and some hundred features.</summary>
    private const int MostSteps = 64;

    private readonly string[] _names;
    private readonly SeriesScaler?[] _series;
    private readonly RowClock? _clock;

    private SeriesVectors(string[] names, SeriesScaler?[] series, RowClock? clock) => (_names, _series, _clock) = (names, series, clock);

    /// <summary>Fits the clock.</summary>
    /// <exception cref="ArgumentException">A view of series is present nowhere, or a present sample is not finite.</exception>
    public static SeriesVectors Fit(Views views)
    {
        SeriesScaler?[] series = [.. Enumerable.Range(0, views.Count).Select(m => views.At(m).Kind == ViewKind.Sequences ? SeriesScaler.Fit(views, m) : null)];
        return new([.. views.Names], series, Array.TrueForAll(series, one => one is null) ? null : RowClock.Fit(views, series, null, MostSteps));
    }

    /// <summary>Rows with vectors in place of series.</summary>
    /// <exception cref="ArgumentException">As for <see cref="RowClock.Read"/>.</exception>
    public Views Of(Views rows)
    {
        if (_clock is null) return rows;
        int[] map = [.. _names.Select(name => rows.Names.ToList().IndexOf(name))];
        Tensor<double>?[][] read = [.. Enumerable.Range(0, rows.Rows).Select(row => _clock.Read(rows, row, map, _names))];
        return rows.Replaced((name, view, at) => Array.IndexOf(map, at) is >= 0 and int m && _series[m] is { } series ? Vectors(series.Channels, view.IsFloat64, [.. read.Select(one => one[m])]) : view);
    }

    private View Vectors(int channels, bool isFloat64, Tensor<double>?[] read)
    {
        return isFloat64 ? View.Vectors(Flat<double>()) : View.Vectors(Flat<float>());

        Tensor<T> Flat<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int width = _clock!.Length * channels;
            T[] values = new T[checked(read.Length * width)];
            for (int row = 0; row < read.Length; row++)
            {
                int at = row * width;
                foreach (double value in read[row] ?? Tensor.Create<double>([], [0, channels])) values[at++] = T.CreateTruncating(value);
            }

            return Tensor.Create(values, [read.Length, width]);
        }
    }
}
