using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>Paths and accumulated costs.</content>
public static partial class ElasticDistance
{
    /// <summary>The best alignment of two series under the measure that the options state: distance and path.</summary>
    /// <remarks>
    /// Where both indices of a pair are new, its samples are matched; where one is, that sample is matched with the same partner (variants of
    /// warping), or left out, split off or merged (edit distances). What edit distances leave out before the first pair stands in none.
    /// Pairs of derivatives and of shapes name the samples in their middle. Of paths that cost the same, the one that goes diagonally
    /// first, seen from the end, then down in x. Memory grows with the lengths, not with their product.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">The measure, such as <see cref="ErpOptions"/>.</param>
    /// <returns>The distance of <see cref="Between{T}(Tensor{T}, Tensor{T}, ElasticOptions)"/> and the path; no measure here names lengths to normalise by.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Between{T}(Tensor{T}, Tensor{T}, ElasticOptions)"/>; or a sample is not finite; or the measure aligns several channels one by one, so that there is no one path.</exception>
    /// <exception cref="InvalidOperationException">The window leaves no path.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DtwAlignment<T> Align<T>(Tensor<T> x, Tensor<T> y, ElasticOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(options);
        using ElasticPair<T> pair = new(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options, "ElasticDistance.Align");
        pair.RequireFinite();
        WarpingAlignment<T> found = Warping.Align(pair.Engine, pair.Problem, pair.FromX, 0, pair.FromY, 0, pair.Settings);
        pair.Complete();
        T distance = options is ShapeDtwOptions ? AlongPath(found, pair.X, 0, pair.Y, 0) : found.Distance;
        return new(distance, null, new(Moved(found.X, options.FirstSample), Moved(found.Y, options.FirstSample)));
    }

    /// <summary>The accumulated costs of two series under the measure that the options state: in each cell the least cost of an alignment that ends there.</summary>
    /// <remarks>
    /// What becomes of the last cell is left out: under <see cref="LcssOptions"/> cells hold minus the number of matches, under
    /// <see cref="EdrOptions"/> the number of edits, and under <see cref="ShapeDtwOptions"/> the costs of the shapes.
    /// </remarks>
    /// <returns>time of x x time of y, two less of each under measures of derivatives; +infinity where no path leads.</returns>
    /// <exception cref="InvalidOperationException">Memory does not hold the table; its bytes are named.</exception>
    /// <inheritdoc cref="Align{T}(Tensor{T}, Tensor{T}, ElasticOptions)"/>
    public static Tensor<T> CostMatrix<T>(Tensor<T> x, Tensor<T> y, ElasticOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(options);
        using ElasticPair<T> pair = new(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options, "ElasticDistance.CostMatrix");
        pair.RequireFinite();
        (int rows, int columns) = (pair.FromX.Lengths[0], pair.FromY.Lengths[0]);
        Warping.RequireTableFits<T>(rows, columns, "ElasticDistance.CostMatrix");
        Tensor<T> table = ResultTensor.Create<T>("ElasticDistance.CostMatrix", rows, columns);
        TensorSpan<T> destination = table.AsTensorSpan();
        Warping.CostMatrix(pair.Engine, pair.Problem, pair.FromX, 0, pair.FromY, 0, destination.AsResult(rows, columns, "result"), pair.Settings);
        pair.Complete();
        return table;
    }

    private static int[] Moved(int[] indices, int by) => by == 0 ? indices : Array.ConvertAll(indices, index => index + by);
}
