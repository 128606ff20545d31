using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>A short series within a long one, and alignments of given costs.</content>
public static partial class Dtw
{
    /// <summary>The places of a long series where a short one is found, warped as it may be: the best ones that have no sample in common.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="query">time, or time x channels: what is looked for, all of it.</param>
    /// <param name="stream">The long series, with as many channels.</param>
    /// <param name="count">Places wanted at most, 1 or more.</param>
    /// <param name="options">Costs, steps, device; without window and ends, for a place may begin and end anywhere; null for the defaults.</param>
    /// <returns>The places, nearest first; fewer than wanted where there are no more. Of equal distances the first in time comes first.</returns>
    /// <remarks>Cost: one table of both lengths, and a path for each end that is tried; memory grows with the lengths. To find windows of the query's length, normalised one by one, use <see cref="DtwSearch"/>.</remarks>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ or are aligned one by one, a sample is not finite, or the options have a window or open ends.</exception>
    /// <exception cref="ArgumentOutOfRangeException">count is below 1.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static IReadOnlyList<DtwMatch<T>> Subsequences<T>(Tensor<T> query, Tensor<T> stream, int count = 1, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (options is { Ends.IsClosed: false }) throw new ArgumentException($"a place may begin and end anywhere in the stream: leave {nameof(DtwOptions.Ends)} closed", nameof(options));
        using DtwPair<T> pair = new(query.AsReadOnlyTensorSpan(), stream.AsReadOnlyTensorSpan(), options, "Dtw.Subsequences");
        pair.RequirePath();
        WarpingMatch<T>[] found = Warping.Subsequences(pair.Engine, pair.Problem, pair.X, 0, pair.Y, 0, count, pair.Settings);
        pair.Complete(default);
        return [.. found.Select(match => new DtwMatch<T>(match.Begin, match.End + 1, match.Alignment.Distance, new(match.Alignment.X, match.Alignment.Y)))];
    }

    /// <summary>The distance of two series whose point costs are given.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="costs">length of x x length of y, finite and 0 or more, of any strides: what it costs to match each pair of samples.</param>
    /// <param name="options">Window, steps, ends, device; cost and channels are not read, the root is taken on request only; null for the defaults.</param>
    /// <returns>The distance; +infinity where there is no path.</returns>
    /// <exception cref="ArgumentException">The costs are no matrix, empty, negative or not finite, or the options contradict each other.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static T DistanceOfCosts<T>(Tensor<T> costs, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DtwCosts<T> given = new(costs, options, "Dtw.DistanceOfCosts");
        return given.Complete(Warping.DistanceOfCosts(given.Engine, given.Problem, costs.AsReadOnlyTensorSpan().AsMatrix(nameof(costs)), given.Settings), costs);
    }

    /// <summary>The accumulated costs of two series whose point costs are given: the least sum of costs of an alignment that ends in each pair of samples, before any root.</summary>
    /// <inheritdoc cref="DistanceOfCosts{T}(Tensor{T}, DtwOptions?)" path="/typeparam"/>
    /// <inheritdoc cref="DistanceOfCosts{T}(Tensor{T}, DtwOptions?)" path="/param"/>
    /// <returns>length of x x length of y; +infinity where no path leads.</returns>
    /// <inheritdoc cref="DistanceOfCosts{T}(Tensor{T}, DtwOptions?)" path="/exception"/>
    public static Tensor<T> CostMatrixOfCosts<T>(Tensor<T> costs, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DtwCosts<T> given = new(costs, options, "Dtw.CostMatrixOfCosts");
        (int rows, int columns) = ((int)costs.Lengths[0], (int)costs.Lengths[1]);
        Tensor<T> table = ResultTensor.Create<T>("Dtw.CostMatrixOfCosts", rows, columns);
        TensorSpan<T> destination = table.AsTensorSpan();
        given.Complete(
            Warping.CostMatrixOfCosts(given.Engine, given.Problem, costs.AsReadOnlyTensorSpan().AsMatrix(nameof(costs)), destination.AsResult(rows, columns, "result"), given.Settings), costs);
        return table;
    }

    /// <summary>The best alignment of two series whose point costs are given.</summary>
    /// <inheritdoc cref="DistanceOfCosts{T}(Tensor{T}, DtwOptions?)" path="/typeparam"/>
    /// <inheritdoc cref="DistanceOfCosts{T}(Tensor{T}, DtwOptions?)" path="/param"/>
    /// <exception cref="ArgumentException">As for <see cref="DistanceOfCosts{T}(Tensor{T}, DtwOptions?)"/>.</exception>
    /// <exception cref="InvalidOperationException">The window or the step pattern leaves no path.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DtwAlignment<T> AlignCosts<T>(Tensor<T> costs, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DtwCosts<T> given = new(costs, options, "Dtw.AlignCosts");
        WarpingAlignment<T> found = Warping.AlignOfCosts(given.Engine, given.Problem, costs.AsReadOnlyTensorSpan().AsMatrix(nameof(costs)), given.Settings);
        return new(given.Complete(found.Distance, costs), DtwPair<T>.Normalized(found, (options ?? new()).Step), new(found.X, found.Y));
    }
}
