using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>Matrices of distances that are written while they are computed.</content>
public static partial class Dtw
{
    /// <summary>Writes the distances of all pairs of a set of series to a .npy file.</summary>
    /// <param name="path">The file; it appears, or is replaced, when it is complete.</param>
    /// <param name="series">At least one series, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="options">Costs, window, steps, ends, device, size of a block; null for the defaults.</param>
    /// <inheritdoc cref="DistancesTo{T}(string, IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}}, DtwFileOptions?)"/>
    public static MatrixFileSummary DistancesTo<T>(string path, IReadOnlyList<Tensor<T>> series, DtwFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WriteDistances(path, SeriesPacking.Pack(series, nameof(series), MissingOf(options)), null, options ?? new());

    /// <summary>Writes the distances of every series of x from every one of y to a .npy file, block by block of rows, so that they need not fit into memory.</summary>
    /// <remarks>
    /// Every block is on the disk before the next begins, in <c>path.partial</c> with a log in <c>path.partial.log</c>. After a
    /// cancellation, an error or a kill at most one block is lost: the next call for the same work goes on where this one stopped, and
    /// the bytes are those of an uninterrupted run. A call for other work starts anew and tells so in
    /// <see cref="MatrixFileSummary.Discarded"/>; a finished file is replaced only by a finished one. Of a set against itself each pair
    /// is computed once; the other triangle is read back from the file. Memory: the series twice and one block.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file; it appears, or is replaced, when it is complete.</param>
    /// <param name="x">At least one series, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="y">Others, with as many channels.</param>
    /// <param name="options">Costs, window, steps, ends, device, size of a block; null for the defaults.</param>
    /// <returns>What was written, and what of it an earlier call had written.</returns>
    /// <exception cref="ArgumentException">The series as for <see cref="Distances{T}(IReadOnlyList{Tensor{T}}, DtwOptions?)"/>, or the size of a block is not above 0.</exception>
    /// <exception cref="IOException">The file cannot be written, the disk is full, or another call works on it; what was written can be resumed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was written can be resumed.</exception>
    public static MatrixFileSummary DistancesTo<T>(
        string path, IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, DtwFileOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => WriteDistances(
            path, SeriesPacking.Pack(x, nameof(x), MissingOf(options)), SeriesPacking.Pack(y, nameof(y), MissingOf(options)), options ?? new());

    private static MatrixFileSummary WriteDistances<T>(string path, SeriesPack<T> x, SeriesPack<T>? y, DtwFileOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (options.BlockBytes <= 0) throw new ArgumentException($"{nameof(DtwFileOptions.BlockBytes)} is {options.BlockBytes}: a block needs at least 1 byte", nameof(options));
        if (y is not null) SeriesPacking.RequireSameChannels(x, y, nameof(x), nameof(y));
        return new SeriesDistanceFile<T>(path, x, y, options).Write();
    }
}
