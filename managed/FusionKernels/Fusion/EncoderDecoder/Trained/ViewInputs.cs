using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Rows of views as networks read them: scaled, series in patches, zeros where anything is absent.</summary>
/// <param name="Flat">rows x columns of <see cref="ViewEncoder"/>: vectors and images side by side.</param>
/// <param name="Series">By view: rows x (places features) of a series, null of others.</param>
/// <param name="Keep">By view: which places are there, rows x places; null of vectors and images, which have one.</param>
/// <param name="Present">rows x views.</param>
internal sealed record ViewInputs<T>(Tensor<T> Flat, Tensor<T>?[] Series, bool[]?[] Keep, bool[] Present)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that have a view.</summary>
    public int[] RowsWithViews()
    {
        int views = Series.Length;
        return [.. Enumerable.Range(0, Present.Length / views).Where(row => Present.AsSpan(row * views, views).Contains(true))];
    }

    /// <summary>The values of a view: items x (places features).</summary>
    public Var<T> Values(Tape<T> tape, Var<T> flat, ViewInputEncoder encoder, int view, ReadOnlySpan<int> rows) =>
        Series[view] is { } series ? tape.Rows(series, rows) : flat.Columns(encoder.Flat.Offsets[view], encoder.Flat.Widths[view]);
}

/// <summary>The fitted scalers of views, and how series are cut into patches.</summary>
internal sealed class ViewInputEncoder
{
    /// <summary>Patches of the longest training series where none are asked for: enough to tell when, few enough to look at each other in no time.</summary>
    private const int Patches = 16;

    private readonly SeriesScaler?[] _series;

    private ViewInputEncoder(ViewEncoder flat, SeriesScaler?[] series, int[] patch) => (Flat, _series, Patch) = (flat, series, patch);

    /// <summary>The scalers of vectors and images.</summary>
    public ViewEncoder Flat { get; }

    /// <summary>By view: steps of a patch; 0 of vectors and images.</summary>
    public int[] Patch { get; }

    /// <summary>The encoder of a file.</summary>
    public static ViewInputEncoder Of(ViewEncoder flat, SeriesScaler?[] series, int[] patch) => new(flat, series, patch);

    /// <summary>The scaler of a view of series; null of vectors and images.</summary>
    public SeriesScaler? SeriesOf(int view) => _series[view];

    /// <summary>Whether a view is of series.</summary>
    public bool IsSeries(int view) => _series[view] is not null;

    /// <summary>Features of a place: of a vector, or of a patch's samples and, of each of its steps, whether it is there.</summary>
    public int FeaturesOf(int view) => _series[view] is { } series ? Patch[view] * (series.Channels + 1) : Flat.Widths[view];

    /// <summary>Places of a view that is rebuilt: those of the median training series.</summary>
    public int PlacesOf(int view) => IsSeries(view) ? (MedianLength(view) + Patch[view] - 1) / Patch[view] : 1;

    /// <summary>Fits scalers to the rows in which each view is present.</summary>
    /// <exception cref="ArgumentException">A view is a Gram matrix or present nowhere, or a present value is not finite.</exception>
    public static ViewInputEncoder Fit(Views views, int? patch)
    {
        for (int m = 0; m < views.Count; m++)
        {
            if (views.At(m).Kind == ViewKind.Gram) throw new ArgumentException($"view '{views.Names[m]}' is of {ViewKind.Gram}: trained networks take vectors, images and series");
        }

        ViewEncoder flat = ViewEncoder.Fit(views, ViewScaling.ZScore);
        SeriesScaler?[] series = [.. Enumerable.Range(0, views.Count).Select(m => views.At(m).Kind == ViewKind.Sequences ? SeriesScaler.Fit(views, m) : null)];
        return new(flat, series, [.. series.Select(one => one is null ? 0 : patch ?? Math.Max(1, (one.Lengths.Max() + Patches - 1) / Patches))]);
    }

    /// <summary>Reads rows.</summary>
    /// <exception cref="ArgumentException">A view is of another kind or width, or a present value is not finite.</exception>
    public ViewInputs<T> Encode<T>(Views rows, int[] map, IReadOnlyList<string> names)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> flat = Flat.Encode<T>(rows, map, names, [.. map.Select(_ => 1.0)], isNew: true);
        bool[] present = new bool[rows.Rows * map.Length];
        for (int at = 0; at < present.Length; at++) present[at] = map[at % map.Length] >= 0 && rows.IsPresent(at / map.Length, map[at % map.Length]);
        Tensor<T>?[] series = new Tensor<T>?[map.Length];
        bool[]?[] keep = new bool[]?[map.Length];
        for (int m = 0; m < map.Length; m++)
        {
            if (IsSeries(m)) (series[m], keep[m]) = Patched<T>(rows, map[m], m, names[m]);
        }

        return new(flat, series, keep, present);
    }

    /// <summary>Values of a view as they were measured, from scaled ones: a vector, or time x channels.</summary>
    public Tensor<double> Unscale(ReadOnlySpan<double> values, int view)
    {
        if (_series[view] is not { } series)
        {
            (double[] means, double[] scales) = Flat.ScalerOf(view);
            double[] vector = new double[values.Length];
            for (int k = 0; k < vector.Length; k++) vector[k] = scales[k] > 0 ? (values[k] / scales[k]) + means[k] : means[k];
            return Tensor.Create(vector, [vector.Length]);
        }

        int steps = MedianLength(view), stride = series.Channels + 1;
        double[] samples = new double[steps * series.Channels];
        for (int at = 0; at < samples.Length; at++)
        {
            int channel = at % series.Channels;
            samples[at] = series.Unscale(values[(at / series.Channels * stride) + channel], channel);
        }

        return Tensor.Create(samples, [steps, series.Channels]);
    }

    private int MedianLength(int view)
    {
        int[] lengths = [.. _series[view]!.Lengths.Order()];
        return lengths[lengths.Length / 2];
    }

    /// <summary>Series in patches: of each step its channels and 1, zeros behind the end.</summary>
    private (Tensor<T> Values, bool[] Keep) Patched<T>(Views rows, int at, int m, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesScaler scaler = _series[m]!;
        Tensor<double>?[] series = [.. Enumerable.Range(0, rows.Rows).Select(row => at >= 0 && rows.IsPresent(row, at) ? scaler.Read(rows.At(at), row, name) : null)];
        int longest = Math.Max(1, series.Max(one => one is null ? 0 : (int)one.Lengths[0])), places = (longest + Patch[m] - 1) / Patch[m];
        int stride = scaler.Channels + 1, width = places * Patch[m] * stride;
        T[] values = new T[checked(series.Length * width)];
        bool[] keep = new bool[series.Length * places];
        for (int row = 0; row < series.Length; row++)
        {
            if (series[row] is not { } one) continue;
            for (int t = 0; t < one.Lengths[0]; t++)
            {
                Span<T> step = values.AsSpan((row * width) + (t * stride), stride);
                for (int c = 0; c < scaler.Channels; c++) step[c] = T.CreateTruncating(scaler.Scale(one[t, c], c));
                step[^1] = T.One;
                keep[(row * places) + (t / Patch[m])] = true;
            }
        }

        return (Tensor.Create(values, [series.Length, width]), keep);
    }
}
