using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Processes on a Gram matrix by its landmarks.</content>
public sealed partial class GaussianProcess
{
    /// <summary>Fits a process to an approximated Gram matrix; <see cref="Predict"/> then takes the kernels against its landmarks.</summary>
    /// <remarks>
    /// The covariance is F Fᵀ with noise; a new row keeps the variance that the landmarks do not explain, as with inducing inputs
    /// (Quiñonero-Candela and Rasmussen 2005, section 5), so that variance grows away from them. Cost: rows rank^2 operations and rank^3 for
    /// each noise that is tried.
    /// </remarks>
    /// <param name="factor">The matrix.</param>
    /// <param name="targets">rows x outputs, or as many values of one output.</param>
    /// <param name="noise">Its variance as a fraction of the signal's, above 0; null for the likeliest.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two rows, or a target is not finite; the place is named.</exception>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{double}, double?, ExecutionOptions?)"/>
    public static GaussianProcess Fit(NystromFactor factor, Tensor<double> targets, double? noise = null, ExecutionOptions? options = null)
    {
        const string Name = "GaussianProcess.Fit";
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(targets);
        RequireNoise(noise);
        if (targets.Rank is not (1 or 2) || targets.Lengths[0] != factor.Rows) throw new ArgumentException($"'{nameof(targets)}' is {Shape.Of(targets.Lengths)}, the factor is of {factor.Rows} rows", nameof(targets));
        int rows = factor.Rows, outputs = targets.Rank == 2 ? (int)targets.Lengths[1] : 1;
        if (rows < 2) throw new ArgumentException($"the factor is of {rows} rows; two at least are needed", nameof(factor));
        (double[] values, double[] means) = Centred(targets, rows, outputs);
        using Execution execution = HostExecution.Begin<double>(options, Name);
        DenseAlgebra algebra = new((HostEngine)execution.Engine, execution.Parts);
        double[] squares = new double[outputs];
        for (int at = 0; at < values.Length; at++) squares[at % outputs] += values[at] * values[at];
        (double[] spectrum, DenseMatrix vectors) = algebra.SymmetricEigen(algebra.MultiplySelf(factor.Matrix));
        DenseMatrix right = algebra.TransposedMultiply(vectors, algebra.TransposedMultiply(factor.Matrix, new(rows, outputs, values)));
        DenseMatrix projection = algebra.Multiply(factor.Projection, vectors);
        GaussianProcess likeliest = Likeliest(noise, options, tried => OfSpectrum(algebra, spectrum, right, projection, squares, means, rows, tried));
        double rank = factor.Rank;
        execution.CompleteWhole<double>(
            $"{Fits(noise)} noises along the eigenvectors of {factor.Rank} features of {rows} rows", (rows * rank * (rank + (2.0 * outputs))) + (9 * rank * rank * rank) + (2.0 * projection.Elements.Length * rank), (long)(8 * rank * (rank + factor.Landmarks.Count)));
        return likeliest;
    }

    /// <summary>A process in the eigenvectors of Fᵀ F, where each noise is a division.</summary>
    private static GaussianProcess OfSpectrum(
        DenseAlgebra algebra, double[] spectrum, DenseMatrix right, DenseMatrix projection, double[] squares, double[] means, int rows, double noise)
    {
        DenseMatrix weights = right.Copy(), explains = projection.Transposed();
        double logDeterminant = (rows - spectrum.Length) * Math.Log(noise);
        double[] explained = new double[means.Length];
        for (int k = 0; k < spectrum.Length; k++)
        {
            double value = Math.Max(0, spectrum[k]) + noise;
            logDeterminant += Math.Log(value);
            for (int c = 0; c < means.Length; c++)
            {
                weights[k, c] /= value;
                explained[c] += right[k, c] * weights[k, c];
            }

            // k(x, x) - f f + noise fᵀ (Fᵀ F + noise)^-1 f of a row's features f: what is taken off is d / (d + noise) along each eigenvector.
            double part = Math.Sqrt((value - noise) / value);
            foreach (ref double one in explains.Row(k)) one *= part;
        }

        double[] signals = [.. squares.Select((square, c) => (square - explained[c]) / noise / rows)];
        return new(explains, isTriangle: false, algebra.Multiply(projection, weights).Elements, means, signals, noise, Likelihood(logDeterminant, signals, rows));
    }
}
