using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels;

/// <content>All pairs of sets of series.</content>
public static partial class SoftDtw
{
    /// <summary>The values of all pairs of one set, each series against itself included.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">Series of any lengths and the same channels.</param>
    /// <param name="options">Gamma, window, threads; null for the defaults.</param>
    /// <returns>series x series; a pair is computed once, so it is symmetric. The diagonal is negative.</returns>
    /// <inheritdoc cref="Value{T}(Tensor{T}, Tensor{T}, SoftDtwOptions?)" path="/exception"/>
    public static Tensor<T> Distances<T>(IReadOnlyList<Tensor<T>> series, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        All(SeriesPacking.Pack(series, nameof(series), MissingOf(options)), null, isCentred: false, options, "SoftDtw.Distances");

    /// <summary>The values of all pairs of two sets.</summary>
    /// <param name="x">Series of any lengths.</param>
    /// <param name="y">Series of any lengths.</param>
    /// <param name="options">Gamma, window, threads; null for the defaults.</param>
    /// <returns>series of x, series of y.</returns>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, SoftDtwOptions?)"/>
    public static Tensor<T> Distances<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(
            SeriesPacking.Pack(x, nameof(x), MissingOf(options)), SeriesPacking.Pack(y, nameof(y), MissingOf(options)), isCentred: false, options, "SoftDtw.Distances");

    /// <summary>The values of all pairs of one set of series of one length.</summary>
    /// <param name="series">series x time, or series x time x channels.</param>
    /// <param name="options">Gamma, window, threads; null for the defaults.</param>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, SoftDtwOptions?)"/>
    public static Tensor<T> Distances<T>(Tensor<T> series, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(PackEqual(series, nameof(series), options), null, isCentred: false, options, "SoftDtw.Distances");

    /// <summary>The divergences of all pairs of one set.</summary>
    /// <returns>series x series, symmetric, 0 on the diagonal.</returns>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, SoftDtwOptions?)"/>
    public static Tensor<T> Divergences<T>(IReadOnlyList<Tensor<T>> series, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        All(SeriesPacking.Pack(series, nameof(series), MissingOf(options)), null, isCentred: true, options, "SoftDtw.Divergences");

    /// <summary>The divergences of all pairs of two sets.</summary>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}}, SoftDtwOptions?)"/>
    public static Tensor<T> Divergences<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(
            SeriesPacking.Pack(x, nameof(x), MissingOf(options)), SeriesPacking.Pack(y, nameof(y), MissingOf(options)), isCentred: true, options, "SoftDtw.Divergences");

    /// <summary>The divergences of all pairs of one set of series of one length.</summary>
    /// <inheritdoc cref="Distances{T}(Tensor{T}, SoftDtwOptions?)"/>
    public static Tensor<T> Divergences<T>(Tensor<T> series, SoftDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => All(PackEqual(series, nameof(series), options), null, isCentred: true, options, "SoftDtw.Divergences");

    private static Tensor<T> All<T>(SeriesPack<T> x, SeriesPack<T>? y, bool isCentred, SoftDtwOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SoftProblem problem = ProblemOf(options);
        return SoftAlignments.Matrix(problem, new SoftFinish(problem.Unit, IsExponential: false, isCentred), x, y, MissingOf(options), "x", "y", options, operation);
    }

    private static SeriesPack<T> PackEqual<T>(Tensor<T> series, string name, SoftDtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series, name);
        return SeriesPacking.PackEqual<T>(series.AsReadOnlyTensorSpan(), name, MissingOf(options));
    }
}
