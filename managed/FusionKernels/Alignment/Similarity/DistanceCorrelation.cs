using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <summary>Distance correlation: a dependence between rows of any widths that is 0 for independence alone (Székely, Rizzo and Bakirov 2007).</summary>
/// <remarks>
/// <para>Euclidean distances within x and within y, double-centred: V^2 is the mean of their products, R^2 that over the root of the
/// variances' product. Bias-corrected: U-centred, without diagonals (Székely and Rizzo 2014).</para>
/// <para>No n x n matrix is stored but for permutations, which take two. Cost: both distance matrices, about 10 n^2 operations, and n^2 a
/// permutation. Distances are computed in the rows' precision on the options' device, sums in float64 on the host; with one seed the same bits for any number
/// of threads. NaN is rejected with its position. Thread-safe.</para>
/// </remarks>
public static class DistanceCorrelation
{
    private const string Name = "DistanceCorrelation.Compute";

    /// <summary>Computes it.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="y">rows x features; row i is the same thing as row i of x.</param>
    /// <param name="options">Bias correction, permutations, device; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two rows (four where bias-corrected), or an element is not finite; its place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Permutations are negative.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold rows and a tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DistanceCorrelationResult Compute<T>(Tensor<T> x, Tensor<T> y, DistanceCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Permutations, nameof(options));
        using Execution execution = HostExecution.BeginBeside<T>(options, Name, hasKernel: true);
        Kernel distance = Kernel.Distance();
        GramPairSums sums = GramPair<T>.Of(x, distance, y, distance, options.BiasCorrected ? 4 : 2, options, Name);
        double pairs = (double)x.Lengths[0] * x.Lengths[0];
        (double xy, double xx, double yy) = options.BiasCorrected ? sums.UCentred() : sums.Centred();
        if (!options.BiasCorrected) (xy, xx, yy) = (Math.Max(0, xy / pairs), xx / pairs, yy / pairs);
        double scale = xx > 0 && yy > 0 ? Math.Sqrt(xx) * Math.Sqrt(yy) : 0;
        double ratio = scale == 0 ? 0 : xy / scale;
        double? p = options.Permutations == 0 ? null : PValue(x, y, options);
        GramPair<T>.Complete(execution, x, y, hasKernel: true);
        return new(options.BiasCorrected ? ratio : Math.Sqrt(ratio), xy, xx, yy, p);
    }

    /// <summary>Of permutations, the order of covariances is that of the sums of products with one side centred: all else stays as it is.</summary>
    private static double PValue<T>(Tensor<T> x, Tensor<T> y, DistanceCorrelationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HostEngine engine = HostExecution.EngineBeside(options);
        RunSettings settings = HostExecution.Settings(options, Name);
        GramOptions inner = GramColumns<T>.Options(options);
        DenseMatrix left = Distances(x, inner), right = Distances(y, inner);
        Centre(left, options.BiasCorrected);
        double own = 0;
        for (int i = 0; i < left.Elements.Length; i++) own += left.Elements[i] * right.Elements[i];
        double[] permuted = PermutedProducts.Of(engine, left, right, options.Permutations, options.Seed, settings);

        // A permutation that changes nothing, as of rows that are equal, must count in spite of another order of summation.
        double least = own - (1e-12 * Math.Abs(own));
        return (1.0 + permuted.Count(value => value >= least)) / (1 + options.Permutations);
    }

    private static DenseMatrix Distances<T>(Tensor<T> rows, GramOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        DenseMatrix.Of(Gram.Compute(rows, Kernel.Distance(), options).AsReadOnlyTensorSpan().AsMatrix(nameof(rows)));

    private static void Centre(DenseMatrix distances, bool isUnbiased)
    {
        double[] means = GramCentre.RowMeans(distances.Ref);
        if (!isUnbiased)
        {
            GramCentre.Apply(distances.Ref, means, means, means.Average());
            return;
        }

        double n = distances.Rows;
        double[] sums = [.. means.Select(mean => mean * n / (n - 2))];
        GramCentre.Apply(distances.Ref, sums, sums, means.Sum() * n / ((n - 1) * (n - 2)));
        for (int i = 0; i < distances.Rows; i++) distances[i, i] = 0;
    }
}
