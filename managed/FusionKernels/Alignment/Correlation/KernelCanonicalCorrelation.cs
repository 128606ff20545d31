using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Canonical correlation between two views in the feature spaces of their kernels.</summary>
/// <remarks>
/// <para>Both Gram matrices are centred in feature space, new rows by the means of the training rows. With K = V diag(s) Vᵀ every
/// regulariser is a function of the eigenvalues, and what remains is the singular value decomposition of Vᵀ V between the views; eigenvalues
/// below the rounding of the rows' precision are left out, and the ranks that remain are reported. With the linear kernel it is linear
/// canonical correlation. Any kernel of the library, or a Gram matrix that is there.</para>
/// <para>Dense: n^2 numbers in float64 and about 9 n^3 operations a view. Low-rank with m columns: two passes over the rows, n m (m + features)
/// operations and memory for a block of rows, n m numbers more while pivots are chosen; linear in n.</para>
/// <para>Variates have unit variance (ddof 1). Sign: the weight of largest magnitude of x is positive, y follows from r of 0 or more.
/// Kernel values are computed in the rows' precision on the options' device, all else in float64 on the host; with one seed the same
/// bits for any number of threads. NaN is rejected with its position. Immutable and thread-safe. (Akaho 2001; Bach and Jordan 2002;
/// Hardoon, Szedmak and Shawe-Taylor 2004.)</para>
/// </remarks>
public sealed partial class KernelCanonicalCorrelation
{
    private const string FitName = "KernelCanonicalCorrelation.Fit";
    private readonly object _x;
    private readonly object _y;

    private KernelCanonicalCorrelation(object x, object y, double[] correlations, double[] trainingCorrelations, int rankX, int rankY, KernelApproximation approximation)
    {
        (_x, _y, RankX, RankY, Approximation) = (x, y, rankX, rankY, approximation);
        (Correlations, TrainingCorrelations) = (correlations, trainingCorrelations);
    }

    /// <summary>The regularised canonical correlations, in descending order: what is maximised. At most 1 where k(x, x) is; else <see cref="KernelRegularizer.Hardoon"/> mixes covariances in, which know no bound: at kappa 1 they are covariances alone.</summary>
    public IReadOnlyList<double> Correlations { get; }

    /// <summary>The correlations of the training variates, by component: -1 to 1, and at least the regularised ones where those are correlations.</summary>
    public IReadOnlyList<double> TrainingCorrelations { get; }

    /// <summary>Components; at most what was asked for.</summary>
    public int Components => Correlations.Count;

    /// <summary>The numerical rank of the centred Gram matrix of x, or of its factor.</summary>
    public int RankX { get; }

    /// <summary>The same of y.</summary>
    public int RankY { get; }

    /// <summary>The route that was taken.</summary>
    public KernelApproximation Approximation { get; }

    /// <summary>Fits two views by their rows.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernelX">The kernel of x.</param>
    /// <param name="y">rows x features; row i is the same thing as row i of x.</param>
    /// <param name="kernelY">The kernel of y.</param>
    /// <param name="options">Components, regulariser, route; null for the defaults. The device computes kernel values.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, an element is not finite (its place is named), a kernel does not fit the rows, there are more components than rows, or a kernel does not tell any rows apart.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Components or rank are below 1, or kappa or the tolerance is out of its range.</exception>
    /// <exception cref="NumericalException">A kernel is not positive semi-definite.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or a kernel has no random Fourier features.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold rows and a tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelCanonicalCorrelation Fit<T>(Tensor<T> x, Kernel kernelX, Tensor<T> y, Kernel kernelY, KernelCanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HostArray.Within(FitName, () => Fit(KernelInput<T>.Of(x, kernelX, nameof(x)), KernelInput<T>.Of(y, kernelY, nameof(y)), options));

    /// <summary>Fits two views by their Gram matrices.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gramX">rows x rows, symmetric and positive semi-definite, not yet centred (centring it twice changes nothing).</param>
    /// <param name="gramY">The same of y.</param>
    /// <param name="options">Components, regulariser, route; null for the defaults. The device computes nothing here.</param>
    /// <exception cref="ArgumentException">A matrix is not square, not symmetric or not finite, their rows differ in number, there are more components than rows, or a matrix is constant.</exception>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Kernel, Tensor{T}, Kernel, KernelCanonicalCorrelationOptions?)"/>
    public static KernelCanonicalCorrelation Fit<T>(Tensor<T> gramX, Tensor<T> gramY, KernelCanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HostArray.Within(FitName, () => Fit(KernelInput<T>.Of(gramX, nameof(gramX)), KernelInput<T>.Of(gramY, nameof(gramY)), options));

    /// <summary>The variates of rows of both views.</summary>
    /// <typeparam name="T">The element of the training rows.</typeparam>
    /// <param name="x">rows x features; or, fitted to Gram matrices, rows x training rows: against the training rows, not centred.</param>
    /// <param name="y">The same of y; as many rows as x or not.</param>
    /// <param name="options">Device of the kernel's values, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>rows x components each.</returns>
    /// <exception cref="ArgumentException">The element or the width is not that of the training rows, or a row is not finite.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold rows and a tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public (Tensor<double> X, Tensor<double> Y) Transform<T>(Tensor<T> x, Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelModel.Transform(_x, x, nameof(x), _y, y, nameof(y), "KernelCanonicalCorrelation.Transform", options);

    /// <summary>The variates of rows of x.</summary>
    /// <inheritdoc cref="Transform{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)"/>
    public Tensor<double> TransformX<T>(Tensor<T> x, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelModel.Transform(_x, x, nameof(x), "KernelCanonicalCorrelation.TransformX", options);

    /// <summary>The variates of rows of y.</summary>
    /// <inheritdoc cref="Transform{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)"/>
    public Tensor<double> TransformY<T>(Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelModel.Transform(_y, y, nameof(y), "KernelCanonicalCorrelation.TransformY", options);

    private static KernelCanonicalCorrelation Fit<T>(KernelInput<T> x, KernelInput<T> y, KernelCanonicalCorrelationOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        if (x.Rows != y.Rows) throw new ArgumentException($"x has {x.Rows} rows, y has {y.Rows}: row i of both must be the same thing", nameof(y));
        KernelModel.RequireComponents(options.Components, x.Rows);
        double kappa = options.Regularization;
        if (!(kappa >= 0 && double.IsFinite(kappa))) throw new ArgumentOutOfRangeException(nameof(options), kappa, "kappa must be a finite number, 0 or more");
        if (options.Regularizer == KernelRegularizer.Hardoon && kappa > 1) throw new ArgumentOutOfRangeException(nameof(options), kappa, $"kappa of {nameof(KernelRegularizer.Hardoon)} is 0 to 1");
        SpectralPenalty penalty = options.Regularizer switch
        {
            KernelRegularizer.Hardoon => SpectralPenalty.Convex,
            KernelRegularizer.BachJordan => SpectralPenalty.Squared,
            _ => SpectralPenalty.Ridge,
        };
        using Execution execution = KernelModel.Begin(x.HasKernel ? x : y, options, FitName);
        HostEngine engine = HostExecution.EngineBeside(options);
        RunSettings settings = execution.Parts;
        (KernelSpectrum<T>[] sides, DenseMatrix? cross) = KernelSpectrum<T>.Of([x, y], options, engine, settings);
        KernelModel.RequireRank(sides[0].Rank, "x");
        KernelModel.RequireRank(sides[1].Rank, "y");
        DenseAlgebra algebra = new(engine, settings);
        KernelCorrelationSolver solved = KernelCorrelationSolver.Solve(algebra, sides[0].Values, sides[1].Values, cross!, penalty, kappa, x.Rows, options.Components);
        KernelVariates<T> left = sides[0].Variates(algebra, solved.X), right = sides[1].Variates(algebra, solved.Y);
        for (int k = 0; k < solved.Correlations.Length; k++)
        {
            if (!left.IsNegative(k)) continue;
            left.Negate(k);
            right.Negate(k);
        }

        KernelModel.Complete(execution, options, x, y);
        return new(left, right, solved.Correlations, solved.TrainingCorrelations, sides[0].Rank, sides[1].Rank, options.Approximation);
    }
}
