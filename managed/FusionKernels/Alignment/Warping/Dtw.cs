using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Dynamic time warping: the cheapest alignment of two series of any lengths (Sakoe and Chiba 1978).</summary>
/// <remarks>
/// <para>A series is a tensor of time, or of time x channels. The distance is that of <see cref="DtwOptions"/>: by default the square root
/// of the least sum of squared differences. It is 0 or more, 0 of a series and itself (under the cosine cost, up to
/// rounding and its root), and symmetric where the step pattern, the window and the ends are;
/// +infinity where the window or the step pattern leaves no path.</para>
/// <para>Cost: one cell for each pair of samples inside the window. Results do not depend on the number of threads and repeat bit for
/// bit on one device. Thread-safe.</para>
/// </remarks>
public static partial class Dtw
{
    /// <summary>The distance of two series.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels.</param>
    /// <param name="y">Another series with as many channels; its length may differ.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <returns>The distance; +infinity where there is no path.</returns>
    /// <remarks>Memory: a few rows of the alignment table, whatever the lengths. One pair runs on the host unless the options name a device.</remarks>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite (its place is named), or the options contradict each other.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static T Distance<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Distance<T>(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options);
    }

    /// <inheritdoc cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static T Distance<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Distance(new ReadOnlyTensorSpan<T>(x), new ReadOnlyTensorSpan<T>(y), options);

    /// <inheritdoc cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static T Distance<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DtwPair<T> pair = new(x, y, options, "Dtw.Distance", isForPath: false);
        return pair.Complete(pair.IsNonFinite ? T.NaN : Warping.Distance(pair.Engine, pair.Problem, pair.X, 0, pair.Y, 0, pair.Settings));
    }

    /// <summary>The best alignment of two series: distance and path.</summary>
    /// <inheritdoc cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)" path="/typeparam"/>
    /// <inheritdoc cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)" path="/param"/>
    /// <remarks>
    /// Of paths that cost the same, the one that goes diagonally first, seen from the end, then down in x. Memory grows with the lengths,
    /// not with their product. The sum along the path is the distance before any root.
    /// </remarks>
    /// <exception cref="ArgumentException">As for <see cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>, or channels are aligned one by one.</exception>
    /// <exception cref="InvalidOperationException">The window or the step pattern leaves no path.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DtwAlignment<T> Align<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Align<T>(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options);
    }

    /// <inheritdoc cref="Align{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static DtwAlignment<T> Align<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Align(new ReadOnlyTensorSpan<T>(x), new ReadOnlyTensorSpan<T>(y), options);

    /// <inheritdoc cref="Align{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static DtwAlignment<T> Align<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DtwPair<T> pair = new(x, y, options, "Dtw.Align");
        pair.RequirePath();
        WarpingAlignment<T> found = Warping.Align(pair.Engine, pair.Problem, pair.X, 0, pair.Y, 0, pair.Settings);
        return new(pair.Complete(found.Distance), pair.Normalized(found), new(found.X, found.Y));
    }

    /// <summary>The accumulated costs of two series: the least sum of costs of an alignment that ends in each pair of samples, before any root.</summary>
    /// <inheritdoc cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)" path="/typeparam"/>
    /// <inheritdoc cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)" path="/param"/>
    /// <returns>length of x x length of y; +infinity where no path leads.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Distance{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>, or channels are aligned one by one.</exception>
    /// <exception cref="InvalidOperationException">Memory does not hold the table; its bytes are named.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> CostMatrix<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return CostMatrix<T>(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options);
    }

    /// <inheritdoc cref="CostMatrix{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static Tensor<T> CostMatrix<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CostMatrix(new ReadOnlyTensorSpan<T>(x), new ReadOnlyTensorSpan<T>(y), options);

    /// <inheritdoc cref="CostMatrix{T}(Tensor{T}, Tensor{T}, DtwOptions?)"/>
    public static Tensor<T> CostMatrix<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DtwPair<T> pair = new(x, y, options, "Dtw.CostMatrix");
        pair.RequirePath();
        (int rows, int columns) = (pair.X.Lengths[0], pair.Y.Lengths[0]);
        Warping.RequireTableFits<T>(rows, columns, "Dtw.CostMatrix");
        Tensor<T> table = ResultTensor.Create<T>("Dtw.CostMatrix", rows, columns);
        TensorSpan<T> destination = table.AsTensorSpan();
        pair.Complete(Warping.CostMatrix(pair.Engine, pair.Problem, pair.X, 0, pair.Y, 0, destination.AsResult(rows, columns, "result"), pair.Settings));
        return table;
    }
}
