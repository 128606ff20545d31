using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Principal components in the feature space of a kernel.</summary>
/// <remarks>
/// <para>The eigenvectors of the Gram matrix, centred in feature space; new rows are centred by the means of the training rows. Scores
/// have the variance of the feature space: their squares add up to the eigenvalue over the training rows. With the linear kernel it is
/// principal component analysis. Routes, cost, precision and determinism as <see cref="KernelCanonicalCorrelation"/>.</para>
/// <para>Sign: the weight of largest magnitude of each component is positive. Immutable and thread-safe. (Schölkopf, Smola and Müller 1998.)</para>
/// </remarks>
public sealed class KernelPca
{
    private const string FitName = "KernelPca.Fit";
    private readonly object _variates;

    private KernelPca(object variates, double[] eigenvalues, double trace, int rank, KernelApproximation approximation)
    {
        (_variates, Eigenvalues, Rank, Approximation) = (variates, eigenvalues, rank, approximation);
        ExplainedVariance = [.. eigenvalues.Select(value => value / trace)];
    }

    /// <summary>Eigenvalues of the centred Gram matrix, in descending order, by component.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Each eigenvalue as a share of the sum of all that are above rounding: of the matrix, or of its low-rank factor.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>Components; at most what was asked for.</summary>
    public int Components => Eigenvalues.Count;

    /// <summary>The numerical rank of the centred Gram matrix, or of its factor.</summary>
    public int Rank { get; }

    /// <summary>The route that was taken.</summary>
    public KernelApproximation Approximation { get; }

    /// <summary>Fits to rows.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">Components and route; null for the defaults. The device computes kernel values.</param>
    /// <exception cref="ArgumentException">x is no matrix, has less than two rows, an element is not finite (its place is named), the kernel does not fit, there are more components than rows, or the kernel tells no rows apart.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Components or rank are below 1, or the tolerance is outside of 0 to 1.</exception>
    /// <exception cref="NumericalException">The kernel is not positive semi-definite.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the kernel has no random Fourier features.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold rows and a tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelPca Fit<T>(Tensor<T> x, Kernel kernel, KernelPcaOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(KernelInput<T>.Of(x, kernel, nameof(x)), options);

    /// <summary>Fits to a Gram matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x rows, symmetric and positive semi-definite, not yet centred.</param>
    /// <param name="options">Components and route; null for the defaults.</param>
    /// <exception cref="ArgumentException">The matrix is not square, not symmetric, not finite or constant, or there are more components than rows.</exception>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Kernel, KernelPcaOptions?)"/>
    public static KernelPca Fit<T>(Tensor<T> gram, KernelPcaOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(KernelInput<T>.Of(gram, nameof(gram)), options);

    /// <summary>The scores of rows.</summary>
    /// <typeparam name="T">The element of the training rows.</typeparam>
    /// <param name="x">rows x features; or, fitted to a Gram matrix, rows x training rows: against the training rows, not centred.</param>
    /// <param name="options">Device of the kernel's values, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="ArgumentException">The element or the width is not that of the training rows, or a row is not finite.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold rows and a tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> Transform<T>(Tensor<T> x, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelModel.Transform(_variates, x, nameof(x), "KernelPca.Transform", options);

    private static KernelPca Fit<T>(KernelInput<T> x, KernelPcaOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        KernelModel.RequireComponents(options.Components, x.Rows);
        using Execution execution = KernelModel.Begin(x, options, FitName);
        HostEngine engine = HostExecution.EngineBeside(options);
        RunSettings settings = execution.Parts;
        KernelSpectrum<T> spectrum = KernelSpectrum<T>.Of([x], options, engine, settings).Sides[0];
        KernelModel.RequireRank(spectrum.Rank, "x");
        int components = Math.Min(options.Components, spectrum.Rank);
        DenseMatrix coordinates = new(spectrum.Rank, components);
        for (int k = 0; k < components; k++) coordinates[k, k] = Math.Sqrt(spectrum.Values[k]);
        KernelVariates<T> variates = spectrum.Variates(new DenseAlgebra(engine, settings), coordinates);
        for (int k = 0; k < components; k++)
        {
            if (variates.IsNegative(k)) variates.Negate(k);
        }

        KernelModel.Complete(execution, options, x);
        return new(variates, spectrum.Values[..components], spectrum.Values.Sum(), spectrum.Rank, options.Approximation);
    }
}
