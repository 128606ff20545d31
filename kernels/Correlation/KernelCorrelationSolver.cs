using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Kernel CCA between the spectra of two centred Gram matrices: with K = V diag(s) Vᵀ, every regulariser is a function of s, and what is left is an SVD.</summary>
/// <param name="Correlations">What the regularised problem maximises, in descending order.</param>
/// <param name="TrainingCorrelations">The correlations of the training variates.</param>
/// <param name="X">rank of x x components: variates of unit variance in the basis V of x.</param>
/// <param name="Y">The same of y.</param>
internal sealed record KernelCorrelationSolver(double[] Correlations, double[] TrainingCorrelations, DenseMatrix X, DenseMatrix Y)
{
    /// <summary>Solves.</summary>
    /// <param name="algebra">Who solves.</param>
    /// <param name="spectrumX">s of x, above rounding.</param>
    /// <param name="spectrumY">s of y.</param>
    /// <param name="cross">Vᵀ of x times V of y.</param>
    /// <param name="penalty">The regulariser.</param>
    /// <param name="kappa">Its strength.</param>
    /// <param name="rows">n.</param>
    /// <param name="components">How many are wanted.</param>
    public static KernelCorrelationSolver Solve(
        in DenseAlgebra algebra, double[] spectrumX, double[] spectrumY, DenseMatrix cross, SpectralPenalty penalty, double kappa, int rows, int components)
    {
        double[] left = [.. spectrumX.Select(s => Length(penalty, s, kappa, rows))], right = [.. spectrumY.Select(s => Length(penalty, s, kappa, rows))];
        DenseMatrix scaled = cross.Copy();
        for (int i = 0; i < scaled.Rows; i++)
        {
            for (int j = 0; j < scaled.Columns; j++) scaled[i, j] *= left[i] * right[j];
        }

        (DenseMatrix u, double[] values, DenseMatrix v) = algebra.Svd(scaled, components);
        Scale(u, left, rows);
        Scale(v, right, rows);
        double[] correlations = new double[values.Length];
        DenseMatrix against = algebra.Multiply(cross, v);
        for (int k = 0; k < values.Length; k++)
        {
            for (int i = 0; i < u.Rows; i++) correlations[k] += u[i, k] * against[i, k] / (rows - 1);
            correlations[k] = Math.Clamp(correlations[k], -1, 1);
        }

        return new(values, correlations, u, v);
    }

    /// <summary>s over the root of the regulariser at s; times the root of n - 1 of the variate's length.</summary>
    private static double Length(SpectralPenalty penalty, double s, double kappa, int rows)
    {
        double degrees = rows - 1.0;
        return penalty switch
        {
            SpectralPenalty.Convex => Math.Sqrt(s / (((1 - kappa) * s) + (degrees * kappa))),
            SpectralPenalty.Squared => s / (s + (rows * kappa / 2)),
            _ => Math.Sqrt(s / (s + (degrees * kappa))),
        };
    }

    /// <summary>Columns in the basis of unit length, to variates of unit variance.</summary>
    private static void Scale(DenseMatrix columns, double[] lengths, int rows)
    {
        for (int k = 0; k < columns.Columns; k++)
        {
            double sum = 0;
            for (int i = 0; i < columns.Rows; i++)
            {
                columns[i, k] *= lengths[i];
                sum += columns[i, k] * columns[i, k];
            }

            double scale = sum == 0 ? 0 : Math.Sqrt((rows - 1) / sum);
            for (int i = 0; i < columns.Rows; i++) columns[i, k] *= scale;
        }
    }
}
