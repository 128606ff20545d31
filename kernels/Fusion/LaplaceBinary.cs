using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Laplace's approximation of a Gaussian process of two classes with the logistic likelihood (Rasmussen and Williams 2006, algorithms 3.1 and 3.2).</summary>
/// <param name="Gradient">By row: the derivative of log p(y | f) at the mode; new rows' mean is their kernels times it.</param>
/// <param name="Triangle">L of I + W^1/2 K W^1/2.</param>
/// <param name="Roots">By row: W^1/2.</param>
/// <param name="LogEvidence">The approximate log p(y).</param>
/// <param name="Steps">Newton's steps.</param>
internal sealed record LaplaceBinary(double[] Gradient, DenseMatrix Triangle, double[] Roots, double LogEvidence, int Steps) : ILaplaceMode
{
    /// <summary>Finds the mode.</summary>
    /// <param name="algebra">Runs the factorisations.</param>
    /// <param name="k">The covariance, rows x rows.</param>
    /// <param name="signs">By row: +1 or -1.</param>
    /// <param name="cancellation">Between steps.</param>
    public static LaplaceBinary Fit(DenseAlgebra algebra, DenseMatrix k, double[] signs, CancellationToken cancellation)
    {
        int n = signs.Length;
        double[] f = new double[n], a = new double[n];
        double objective = -n * Math.Log(2);
        for (int step = 1; ; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            (double[] gradient, double[] roots) = Derivatives(f, signs);
            DenseMatrix triangle = LaplaceSteps.Triangle(algebra, k, roots), b = new(n, 1);
            for (int i = 0; i < n; i++) b[i, 0] = (roots[i] * roots[i] * f[i]) + gradient[i];
            DenseMatrix kb = algebra.Multiply(k, b), scaled = new(n, 1);
            for (int i = 0; i < n; i++) scaled[i, 0] = roots[i] * kb[i, 0];
            DenseMatrix solved = algebra.SolveLowerTransposed(triangle, algebra.SolveLower(triangle, scaled));
            double[] next = new double[n];
            for (int i = 0; i < n; i++) next[i] = b[i, 0] - (roots[i] * solved[i, 0]);
            (double reached, double[] moved, double[] image) = LaplaceSteps.Search(algebra, k, 1, a, next, objective, (candidate, at) => LogLikelihood(at, signs) - LaplaceSteps.Half(candidate, at));
            bool isDone = LaplaceSteps.IsDone(objective, reached, step);
            (a, f, objective) = (moved, image, Math.Max(objective, reached));
            if (!isDone) continue;
            (gradient, roots) = Derivatives(f, signs);
            triangle = LaplaceSteps.Triangle(algebra, k, roots);
            double logDeterminant = 0;
            for (int i = 0; i < n; i++) logDeterminant += Math.Log(triangle[i, i]);
            return new(gradient, triangle, roots, objective - logDeterminant, step);
        }
    }

    /// <inheritdoc/>
    public (double[] Means, double[] Covariances) Predict(DenseAlgebra algebra, DenseMatrix k, double variance)
    {
        DenseMatrix scaled = k.Transposed();
        double[] covariances = new double[k.Rows];
        Array.Fill(covariances, variance);
        for (int t = 0; t < scaled.Rows; t++)
        {
            foreach (ref double value in scaled.Row(t)) value *= Roots[t];
        }

        DenseMatrix solved = algebra.SolveLower(Triangle, scaled);
        for (int t = 0; t < solved.Rows; t++)
        {
            for (int i = 0; i < k.Rows; i++) covariances[i] -= solved[t, i] * solved[t, i];
        }

        return (algebra.Multiply(k, new(Gradient.Length, 1, Gradient)).Elements, covariances);
    }

    /// <summary>log p(y | f).</summary>
    public static double LogLikelihood(double[] f, double[] signs)
    {
        double sum = 0;
        for (int i = 0; i < f.Length; i++)
        {
            double margin = signs[i] * f[i];
            sum -= margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
        }

        return sum;
    }

    private static (double[] Gradient, double[] Roots) Derivatives(double[] f, double[] signs)
    {
        double[] gradient = new double[f.Length], roots = new double[f.Length];
        for (int i = 0; i < f.Length; i++)
        {
            double p = NormalAverage.Of(f[i]);
            gradient[i] = ((signs[i] + 1) / 2) - p;
            roots[i] = Math.Sqrt(p * (1 - p));
        }

        return (gradient, roots);
    }
}
