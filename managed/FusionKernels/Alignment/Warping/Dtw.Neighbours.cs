using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>The nearest series.</content>
public static partial class Dtw
{
    /// <summary>The nearest other series of a set for each of it, the nearest first.</summary>
    /// <param name="series">At least two series, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="count">Neighbours of each, 1 to one less than there are series.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <inheritdoc cref="Neighbours{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}}, int, DtwOptions?)"/>
    public static DtwNeighbours<T> Neighbours<T>(IReadOnlyList<Tensor<T>> series, int count, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SeriesNeighbours.Find(SeriesPacking.Pack(series, nameof(series), MissingOf(options)), null, count, options ?? new(), "Dtw.Neighbours");

    /// <summary>The nearest series of y for every series of x, the nearest first.</summary>
    /// <remarks>
    /// Where lower bounds hold and pay (one channel and length, a band of at most a quarter of the length, a host), candidates are tried in
    /// the order of their bounds and most are never aligned; else all distances are computed, a block of rows at a time. Both ways give the
    /// same neighbours. A distance that is NaN or infinite makes no neighbour. Memory: the series, and a block of distances or four envelopes of every candidate.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The series whose neighbours are sought, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="y">The candidates, with as many channels.</param>
    /// <param name="count">Neighbours of each series, 1 to the series of y.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <returns>Numbers and distances, series of x x count.</returns>
    /// <exception cref="ArgumentOutOfRangeException">count is below 1 or more than the candidates.</exception>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite (its place is named), or the options contradict each other.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DtwNeighbours<T> Neighbours<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, int count, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SeriesNeighbours.Find(
            SeriesPacking.Pack(x, nameof(x), MissingOf(options)), SeriesPacking.Pack(y, nameof(y), MissingOf(options)), count, options ?? new(), "Dtw.Neighbours");
}
