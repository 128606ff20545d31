using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Labelled time series of one problem; lengths may differ, the number of channels may not. Immutable as long as its tensors are left alone.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class TimeSeriesSet<T>
{
    /// <summary>Puts series together.</summary>
    /// <param name="problemName">The name of the problem; one word.</param>
    /// <param name="series">At least one series, each time x channels with at least one time and one channel; NaN is a missing value.</param>
    /// <param name="labels">The class of each series, or null.</param>
    /// <param name="targets">The number to predict for each series, or null; not together with <paramref name="labels"/>.</param>
    /// <exception cref="ArgumentException">There is no series, one is no matrix or empty, channels differ, or labels or targets are not one for each series.</exception>
    public TimeSeriesSet(string problemName, IReadOnlyList<Tensor<T>> series, ClassLabels? labels = null, IReadOnlyList<double>? targets = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(problemName);
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0)
            throw new ArgumentException("a set needs at least one series", nameof(series));
        for (int i = 0; i < series.Count; i++)
        {
            if (series[i].Rank != 2 || series[i].IsEmpty)
                throw new ArgumentException($"series {i} has the shape ({string.Join(", ", series[i].Lengths.ToArray())}); a series is time x channels, at least 1 x 1", nameof(series));
            if (series[i].Lengths[1] != series[0].Lengths[1])
                throw new ArgumentException($"series {i} has {series[i].Lengths[1]} channels, series 0 has {series[0].Lengths[1]}", nameof(series));
        }

        if (labels is not null && targets is not null)
            throw new ArgumentException("a set has labels or targets, not both", nameof(targets));
        if ((labels?.Count ?? targets?.Count ?? series.Count) != series.Count)
            throw new ArgumentException($"{labels?.Count ?? targets!.Count} {(labels is null ? "targets" : "labels")} for {series.Count} series", labels is null ? nameof(targets) : nameof(labels));
        ProblemName = problemName;
        Series = series;
        Labels = labels;
        Targets = targets;
    }

    /// <summary>The name of the problem.</summary>
    public string ProblemName { get; }

    /// <summary>The series, each time x channels, row-major; NaN is a missing value.</summary>
    public IReadOnlyList<Tensor<T>> Series { get; }

    /// <summary>The class of each series; null when the set has none.</summary>
    public ClassLabels? Labels { get; }

    /// <summary>The number to predict for each series; null when the set has none.</summary>
    public IReadOnlyList<double>? Targets { get; }

    /// <summary>The number of series.</summary>
    public int Count => Series.Count;

    /// <summary>The channels of every series.</summary>
    public int Channels => (int)Series[0].Lengths[1];

    /// <summary>Whether all series are of one length.</summary>
    public bool IsEqualLength => Series.All(one => one.Lengths[0] == Series[0].Lengths[0]);

    /// <summary>Takes series of one length out of one tensor; they are copied.</summary>
    /// <param name="problemName">The name of the problem; one word.</param>
    /// <param name="values">series x time, or series x time x channels; any strides, at least one value.</param>
    /// <param name="labels">The class of each series, or null.</param>
    /// <returns>The set, the opposite of <see cref="ToTensor"/>.</returns>
    /// <exception cref="ArgumentException">The tensor has neither two nor three dimensions or is empty, or the labels are not one for each series.</exception>
    public static TimeSeriesSet<T> FromTensor(string problemName, Tensor<T> values, ClassLabels? labels = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank is not (2 or 3) || values.IsEmpty)
            throw new ArgumentException($"the tensor has the shape ({string.Join(", ", values.Lengths.ToArray())}); a set is series x time or series x time x channels, at least one value", nameof(values));
        nint length = values.Lengths[1], channels = values.Rank == 3 ? values.Lengths[2] : 1;
        ReadOnlySpan<T> elements = DataTensor.Flatten(values.AsReadOnlyTensorSpan());
        var series = new Tensor<T>[values.Lengths[0]];
        int each = elements.Length / series.Length;
        for (int i = 0; i < series.Length; i++)
            series[i] = Tensor.Create(elements.Slice(i * each, each).ToArray(), [length, channels]);
        return new TimeSeriesSet<T>(problemName, series, labels);
    }

    /// <summary>Copies all series into one tensor.</summary>
    /// <returns>series x time x channels, row-major.</returns>
    /// <exception cref="InvalidOperationException">The series differ in length, or are too many for one tensor.</exception>
    public Tensor<T> ToTensor()
    {
        if (!IsEqualLength)
            throw new InvalidOperationException("the series differ in length; pad or cut them before putting them into one tensor");
        nint each = Series[0].FlattenedLength;
        if ((Int128)each * Count > Array.MaxLength)
            throw new InvalidOperationException($"{Count} series of {each} values do not fit one tensor; use them one by one");
        var elements = new T[each * Count];
        for (int i = 0; i < Count; i++)
            Series[i].FlattenTo(elements.AsSpan((int)(i * each), (int)each));
        return Tensor.Create(elements, [Count, Series[0].Lengths[0], Series[0].Lengths[1]]);
    }
}
