using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels;

/// <summary>Lower bounds of dynamic time warping: cheap numbers that no distance is below.</summary>
/// <remarks>
/// <para>All are for two series of one channel and one length, plain steps, closed ends and a window that is a band; they are in the
/// unit of <see cref="Dtw"/> with the same options, and never above its distance but by rounding: as many parts in 2^24 (float) or
/// 2^53 (double) as there are samples. Of a window only its greatest |row - column| counts. Envelopes begin and end with the series,
/// so no value of 0 stands in where there is no sample.</para>
/// <para>Each also comes for all pairs of two sets, queries against windows say, on all threads of the host; their envelopes are computed
/// once, and bits are those of the pairs one by one. Time: a constant for Kim's ends, else the length, a pair; the length times the logarithm
/// of the window's width besides, a series. Memory of sets: the series, four envelopes of each, the result. On the host alone: a named
/// accelerator is refused. <see cref="DtwSearch"/> on an accelerator has a bound of its own there. Thread-safe.</para>
/// </remarks>
public static class LowerBounds
{
    /// <summary>The ends: what the first and last pair cost and, from 6 samples on, the two steps next to each.</summary>
    /// <remarks>Rakthanmanon et al. 2012, after Kim, Park and Chu 2001. Symmetric; for any window.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The one series.</param>
    /// <param name="y">The other, as long.</param>
    /// <param name="options">Cost, window, root; null for the defaults.</param>
    /// <returns>The bound, 0 or more.</returns>
    /// <exception cref="ArgumentException">A series is empty, lengths differ, a sample is not finite, or the options name steps, open ends, a cost, a window or a treatment of missing samples that the bounds do not hold for.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host, or the element is neither float nor double.</exception>
    public static T Kim<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(BoundKind.Kim, x, y, options);

    /// <summary><see cref="Kim{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/> of all pairs of two sets.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The one set: series x time.</param>
    /// <param name="y">The other: series x time, of the same length.</param>
    /// <param name="options">Cost, window, root, threads, progress; null for the defaults.</param>
    /// <returns>The bounds, 0 or more: series of x x series of y.</returns>
    /// <exception cref="ArgumentException">A set is empty or has several channels, lengths differ, a sample is not finite (its place is named), or the options name steps, open ends, a cost, a window or a treatment of missing samples that the bounds do not hold for.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host, or the element is neither float nor double.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Kim<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(BoundKind.Kim, x, y, options);

    /// <summary>What the samples of x cost to the envelope of y: the least and greatest sample that each may be matched with.</summary>
    /// <remarks>Keogh and Ratanamahatana 2005. Not symmetric: the larger of both ways is a bound too.</remarks>
    /// <inheritdoc cref="Kim{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/>
    public static T Keogh<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(BoundKind.Keogh, x, y, options);

    /// <summary><see cref="Keogh{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/> of all pairs of two sets.</summary>
    /// <inheritdoc cref="Kim{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static Tensor<T> Keogh<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(BoundKind.Keogh, x, y, options);

    /// <summary><see cref="Keogh{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/>, and what y costs to the envelope of x as it projects onto the envelope of y.</summary>
    /// <remarks>Lemire 2009. Never below <see cref="Keogh{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/> of the same arguments. Not symmetric.</remarks>
    /// <inheritdoc cref="Kim{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/>
    public static T Improved<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(BoundKind.Improved, x, y, options);

    /// <summary><see cref="Improved{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/> of all pairs of two sets.</summary>
    /// <inheritdoc cref="Kim{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static Tensor<T> Improved<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(BoundKind.Improved, x, y, options);

    /// <summary>The least paths at both ends, <see cref="Keogh{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/> between them, and of y what x cannot have paid.</summary>
    /// <remarks>Webb and Petitjean 2021. On average the tightest here. Not symmetric.</remarks>
    /// <inheritdoc cref="Kim{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/>
    public static T Webb<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(BoundKind.Webb, x, y, options);

    /// <summary><see cref="Webb{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwOptions?)"/> of all pairs of two sets.</summary>
    /// <inheritdoc cref="Kim{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static Tensor<T> Webb<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(BoundKind.Webb, x, y, options);

    private static T Of<T>(BoundKind kind, ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        WarpingProblem problem = Problem(options);
        if (x.IsEmpty || x.Length != y.Length) throw new ArgumentException($"'{nameof(x)}' has {x.Length} samples, '{nameof(y)}' has {y.Length}: both need the same, at least one", nameof(y));
        SeriesPacking.RequireFinite(x, nameof(x));
        SeriesPacking.RequireFinite(y, nameof(y));
        return Run(kind, Packed(x), Packed(y), problem, options)[0];
    }

    private static Tensor<T> All<T>(BoundKind kind, Tensor<T> x, Tensor<T> y, DtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        options ??= new();
        WarpingProblem problem = Problem(options);
        SeriesPack<T> rows = OneChannel(x, nameof(x)), columns = ReferenceEquals(x, y) ? rows : OneChannel(y, nameof(y));
        if (rows.LongestLength != columns.LongestLength)
        {
            throw new ArgumentException($"the series of '{nameof(x)}' have {rows.LongestLength} samples, those of '{nameof(y)}' {columns.LongestLength}: both need the same", nameof(y));
        }

        return Tensor.Create(Run(kind, rows, columns, problem, options), [rows.Count, columns.Count]);
    }

    private static T[] Run<T>(BoundKind kind, SeriesPack<T> x, SeriesPack<T> y, WarpingProblem problem, DtwOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, $"LowerBounds.{kind}");
        SearchProblem bounded = new() { Cost = problem.Cost, Window = problem.Window, Finish = problem.Finish };
        T[] bounds = Warping.Bound(execution.Engine, kind, bounded, x, y, execution.Settings);
        execution.Complete<T>($"{kind}, a series of x at a time", 2.0 * x.Count * y.Count * x.LongestLength, 5 * (x.Bytes + y.Bytes));
        return bounds;
    }

    private static WarpingProblem Problem(DtwOptions options)
    {
        WarpingProblem problem = options.Problem(isForPath: false);
        if (problem.Recurrence is not (WarpingRecurrence.Symmetric1 or WarpingRecurrence.Amerced) || !problem.Ends.IsClosed)
        {
            throw new ArgumentException($"lower bounds hold for {nameof(StepPattern)}.{nameof(StepPattern.Symmetric1)} with closed ends; leave {nameof(DtwOptions.Step)} and {nameof(DtwOptions.Ends)} unset");
        }

        if (options.Missing != MissingSamples.Reject) throw new ArgumentException($"lower bounds hold for whole series, not for ones with missing samples: leave {nameof(DtwOptions.Missing)} unset and fill them");
        if (problem.Cost == PointCost.Cosine) throw new ArgumentException("lower bounds hold for costs that grow with the difference of two samples, not for Cosine");
        return problem;
    }

    private static SeriesPack<T> Packed<T>(ReadOnlySpan<T> series)
        where T : unmanaged
    {
        SeriesPack<T> pack = new([series.Length], 1);
        series.CopyTo(pack[0]);
        return pack;
    }

    private static SeriesPack<T> OneChannel<T>(Tensor<T> series, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> pack = SeriesPacking.PackEqual(series.AsReadOnlyTensorSpan(), name, MissingSamples.Reject);
        if (pack.Channels != 1) throw new ArgumentException($"'{name}' has {pack.Channels} channels; lower bounds are for one: series x time", name);
        return pack;
    }
}
