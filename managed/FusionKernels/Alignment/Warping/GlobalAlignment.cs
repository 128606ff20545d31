using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels;

/// <summary>The global alignment kernel: the sum over all alignments of the product of a local kernel of the samples they match (Cuturi 2011).</summary>
/// <remarks>
/// <para>The local kernel is k / (2 - k) with k = exp(-|x - y|^2 / (2 sigma^2)), so the kernel is positive definite for series
/// of all lengths. Sums are held as significands with exponents of their own, so no length overflows; kernels that are not
/// normalised may: see <see cref="Log{T}"/>. Normalised kernels of long series that differ tend to 0, and Gram matrices to the
/// identity; a larger sigma, or a factor of the logarithm, brings them back.</para>
/// <para>Series are time, or time x channels. Gram matrices are kernels like any other: pass them to
/// <see cref="Kernel.Precomputed{T}"/>, or fit a <see cref="GlobalAlignmentKernel{T}"/>, and add them to kernels of vectors.</para>
/// <para>Samples that are not finite are refused with their place unless <see cref="GlobalAlignmentOptions.Missing"/> says otherwise. Runs on any device; results do not depend on the number of
/// threads. Thread-safe.</para>
/// </remarks>
public static class GlobalAlignment
{
    // Two samples of tslearn's size would do; a few more make the median steadier and cost nothing.
    private const int MedianSamples = 1000;

    /// <summary>The kernel of two series.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels.</param>
    /// <param name="y">time, or time x channels; as many channels as x.</param>
    /// <param name="options">Bandwidth, normalisation, window; null for the defaults.</param>
    /// <returns>0 to 1 where normalised, 1 for equal series; infinity where it is not and exceeds the range of the element; 0 where the window leaves no path.</returns>
    /// <exception cref="ArgumentException">A series is empty, of a rank other than 1 and 2, or holds a sample that is not finite; channels differ; the window has holes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Sigma is not a finite number above 0.</exception>
    /// <exception cref="NumericalException">Squared differences over sigma squared exceed the range of the element.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static T Value<T>(Tensor<T> x, Tensor<T> y, GlobalAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Matrix([x], [y], FinishOf(options), options, "GlobalAlignment.Value")[0, 0];

    /// <summary>The natural logarithm of the kernel of two series, of any length.</summary>
    /// <returns>The logarithm: 0 or less where normalised, which is the default; minus infinity where the window leaves no path.</returns>
    /// <inheritdoc cref="Value{T}"/>
    public static T Log<T>(Tensor<T> x, Tensor<T> y, GlobalAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Matrix([x], [y], new SoftFinish(-VectorMath.Ln2, IsExponential: false, IsCentred: options?.Normalized ?? true), options, "GlobalAlignment.Log")[0, 0];

    /// <summary>The Gram matrix of a set of series.</summary>
    /// <param name="series">Series of any lengths and the same channels.</param>
    /// <param name="options">Bandwidth, normalisation, window; null for the defaults.</param>
    /// <returns>series x series; a pair is computed once, so it is symmetric.</returns>
    /// <inheritdoc cref="Value{T}"/>
    public static Tensor<T> Gram<T>(IReadOnlyList<Tensor<T>> series, GlobalAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Matrix(series, null, FinishOf(options), options, "GlobalAlignment.Gram");

    /// <summary>The Gram matrix of series against others: of new ones against training series, say.</summary>
    /// <param name="x">Series of the rows.</param>
    /// <param name="y">Series of the columns.</param>
    /// <param name="options">Bandwidth, normalisation, window; null for the defaults.</param>
    /// <returns>series of x, series of y.</returns>
    /// <inheritdoc cref="Value{T}"/>
    public static Tensor<T> Gram<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, GlobalAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(y);
        return Matrix(x, y, FinishOf(options), options, "GlobalAlignment.Gram");
    }

    /// <summary>Fits a kernel to training series, to be added to kernels of vectors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">Series of any lengths and the same channels.</param>
    /// <param name="options">Bandwidth, normalisation, window; null for the defaults with the bandwidth of <see cref="MedianSigma{T}"/>.</param>
    /// <inheritdoc cref="Value{T}" path="/exception"/>
    public static GlobalAlignmentKernel<T> Fit<T>(IReadOnlyList<Tensor<T>> series, GlobalAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(series, options ?? new GlobalAlignmentOptions { Sigma = MedianSigma(series) });

    /// <summary>A bandwidth for a set of series: the median distance of its samples times the square root of the longest length (Cuturi 2011).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">Series of any lengths and the same channels.</param>
    /// <returns>The bandwidth; the smoothing that goes with it is gamma = 2 sigma^2. From 1000 evenly spaced samples where there are more.</returns>
    /// <exception cref="ArgumentException">There is no series, or one is empty or holds a sample that is not finite; or more than half of all samples are equal, so that the median is 0.</exception>
    public static double MedianSigma<T>(IReadOnlyList<Tensor<T>> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> pack = SeriesPacking.Pack(series, nameof(series), MissingSamples.Reject);
        int count = Math.Min(pack.Steps, MedianSamples);
        List<double> distances = new(count * (count - 1) / 2);
        for (int a = 0; a < count; a++)
        {
            for (int b = a + 1; b < count; b++) distances.Add(Distance(pack, Spaced(a), Spaced(b)));
        }

        distances.Sort();
        int middle = distances.Count / 2;
        double median = distances.Count == 0 ? 0 : distances.Count % 2 == 1 ? distances[middle] : (distances[middle - 1] + distances[middle]) / 2;
        return median > 0
            ? median * Math.Sqrt(pack.LongestLength)
            : throw new ArgumentException("the median distance of the samples is 0, for most are equal or there is only one: choose a sigma by hand", nameof(series));

        int Spaced(int sample) => (int)((long)sample * pack.Steps / count);
    }

    /// <summary>The Gram matrix of one set or of two, with any finish.</summary>
    internal static Tensor<T> Matrix<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y, SoftFinish finish, GlobalAlignmentOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MissingSamples missing = options?.Missing ?? MissingSamples.Reject;
        SoftProblem problem = SoftProblem.GlobalAlignment(
            SoftAlignments.Positive(options?.Sigma ?? 1, nameof(GlobalAlignmentOptions.Sigma)), SoftAlignments.Contiguous(options?.Window ?? WarpingWindow.None), missing == MissingSamples.Skip);
        SeriesPack<T> rows = SeriesPacking.Pack(x, y is null ? "series" : nameof(x), missing);
        return SoftAlignments.Matrix(problem, finish, rows, y is null ? null : SeriesPacking.Pack(y, nameof(y), missing), missing, nameof(x), nameof(y), options, operation);
    }

    private static SoftFinish FinishOf(GlobalAlignmentOptions? options) => new(VectorMath.Ln2, IsExponential: true, options?.Normalized ?? true);

    private static double Distance<T>(SeriesPack<T> pack, int a, int b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double square = 0;
        for (int c = 0; c < pack.Channels; c++)
        {
            double difference = double.CreateChecked(pack.Values[(a * pack.Channels) + c]) - double.CreateChecked(pack.Values[(b * pack.Channels) + c]);
            square += difference * difference;
        }

        return Math.Sqrt(square);
    }
}
