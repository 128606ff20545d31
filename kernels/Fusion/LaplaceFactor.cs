using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Fusion;

/// <summary>
/// Laplace's approximation of Gaussian processes whose covariance is s^2 F Fᵀ: functions f = s F w with w of unit variance, so that Newton's steps
/// are taken over outputs x rank weights (Rasmussen and Williams 2006, section 8.3.1: the subset of regressors; new rows keep the variance that the landmarks do not explain).
/// </summary>
/// <param name="Projection">landmarks x rank: what turns kernels against the landmarks into features.</param>
/// <param name="Weights">outputs x rank: w at the mode.</param>
/// <param name="Triangle">L of I + Gᵀ W G, G = s F for each output.</param>
/// <param name="LogEvidence">The approximate log p(y).</param>
/// <param name="Steps">Newton's steps.</param>
internal sealed record LaplaceFactor(DenseMatrix Projection, DenseMatrix Weights, DenseMatrix Triangle, double LogEvidence, int Steps) : ILaplaceMode
{
    /// <summary>Two classes, by the logistic likelihood.</summary>
    /// <param name="algebra">Runs the factorisations.</param>
    /// <param name="features">G: rows x rank.</param>
    /// <param name="projection">landmarks x rank.</param>
    /// <param name="signs">By row: +1 or -1.</param>
    /// <param name="cancellation">Between steps.</param>
    public static LaplaceFactor Binary(DenseAlgebra algebra, DenseMatrix features, DenseMatrix projection, double[] signs, CancellationToken cancellation) => Fit(
        algebra, features, projection, [.. signs.Select(sign => (sign + 1) / 2)], f => [.. f.Select(NormalAverage.Of)], f => LaplaceBinary.LogLikelihood(f, signs), cancellation);

    /// <summary>Several classes, by the softmax.</summary>
    /// <param name="algebra">Runs the factorisations.</param>
    /// <param name="features">G: rows x rank.</param>
    /// <param name="projection">landmarks x rank.</param>
    /// <param name="own">By row: the number of its class.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="cancellation">Between steps.</param>
    public static LaplaceFactor Classes(DenseAlgebra algebra, DenseMatrix features, DenseMatrix projection, int[] own, int classes, CancellationToken cancellation)
    {
        int n = own.Length;
        double[] indicators = new double[classes * n];
        for (int i = 0; i < n; i++) indicators[(own[i] * n) + i] = 1;
        return Fit(algebra, features, projection, indicators, f => LaplaceClasses.Softmax(f, classes, n), f => LaplaceClasses.LogLikelihood(f, own, classes), cancellation);
    }

    /// <inheritdoc/>
    public (double[] Means, double[] Covariances) Predict(DenseAlgebra algebra, DenseMatrix k, double variance)
    {
        int outputs = Weights.Rows, rank = Weights.Columns, rows = k.Rows;
        DenseMatrix features = algebra.Multiply(k, Projection);
        foreach (ref double value in features.Elements.AsSpan()) value /= Math.Sqrt(variance);
        double[] covariances = new double[rows * outputs * outputs];
        DenseMatrix[] solved = new DenseMatrix[outputs];
        for (int c = 0; c < outputs; c++)
        {
            DenseMatrix right = new(outputs * rank, rows);
            for (int i = 0; i < rows; i++)
            {
                for (int r = 0; r < rank; r++) right[(c * rank) + r, i] = features[i, r];
            }

            solved[c] = algebra.SolveLower(Triangle, right).Transposed();
        }

        for (int i = 0; i < rows; i++)
        {
            double unexplained = Math.Max(0, variance - Dot(features.Row(i), features.Row(i)));
            for (int c = 0; c < outputs; c++)
            {
                for (int d = 0; d < outputs; d++) covariances[(((i * outputs) + c) * outputs) + d] = Dot(solved[c].Row(i), solved[d].Row(i)) + (c == d ? unexplained : 0);
            }
        }

        return (algebra.MultiplyTransposed(features, Weights).Elements, covariances);
    }

    /// <summary>Finds the mode.</summary>
    /// <param name="algebra">Runs the factorisations.</param>
    /// <param name="features">G: rows x rank.</param>
    /// <param name="projection">landmarks x rank.</param>
    /// <param name="indicators">outputs x rows: 1 where the row is of the class, else 0.</param>
    /// <param name="shares">p of f, both outputs x rows.</param>
    /// <param name="logLikelihood">log p(y | f).</param>
    /// <param name="cancellation">Between steps.</param>
    private static LaplaceFactor Fit(
        DenseAlgebra algebra, DenseMatrix features, DenseMatrix projection, double[] indicators, Func<double[], double[]> shares, Func<double[], double> logLikelihood, CancellationToken cancellation)
    {
        int n = features.Rows, rank = features.Columns, outputs = indicators.Length / n;
        DenseMatrix across = features.Transposed();
        double[] f = new double[indicators.Length], w = new double[outputs * rank];
        double objective = logLikelihood(f);
        for (int step = 1; ; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] p = shares(f);
            DenseMatrix triangle = algebra.Cholesky(Precision(algebra, features, p, outputs));
            DenseMatrix slope = algebra.Multiply(new(outputs, n, [.. indicators.Zip(p, (y, share) => y - share)]), features);
            DenseMatrix right = new(outputs * rank, 1, [.. slope.Elements.Zip(w, (gradient, weight) => gradient - weight)]);
            double[] way = algebra.SolveLowerTransposed(triangle, algebra.SolveLower(triangle, right)).Elements;
            (double reached, double[] moved, double[] image) = LaplaceSteps.Search(
                algebra, across, outputs, w, [.. w.Zip(way, (from, by) => from + by)], objective, (candidate, at) => logLikelihood(at) - LaplaceSteps.Half(candidate, candidate));
            bool isDone = LaplaceSteps.IsDone(objective, reached, step);
            (w, f, objective) = (moved, image, Math.Max(objective, reached));
            if (!isDone) continue;
            triangle = algebra.Cholesky(Precision(algebra, features, shares(f), outputs));
            double logDeterminant = 0;
            for (int k = 0; k < triangle.Rows; k++) logDeterminant += Math.Log(triangle[k, k]);
            return new(projection, new(outputs, rank, w), triangle, objective - logDeterminant, step);
        }
    }

    /// <summary>I + Gᵀ W G, block by block of two outputs; W has p - p^2 on its diagonal and -p p' between outputs.</summary>
    private static DenseMatrix Precision(DenseAlgebra algebra, DenseMatrix features, double[] p, int outputs)
    {
        int n = features.Rows, rank = features.Columns;
        DenseMatrix result = DenseMatrix.Identity(outputs * rank);
        for (int c = 0; c < outputs; c++)
        {
            for (int d = 0; d <= c; d++)
            {
                DenseMatrix weighted = features.Copy();
                for (int i = 0; i < n; i++)
                {
                    double curvature = (c == d ? p[(c * n) + i] : 0) - (p[(c * n) + i] * p[(d * n) + i]);
                    foreach (ref double value in weighted.Row(i)) value *= curvature;
                }

                DenseMatrix block = algebra.TransposedMultiply(features, weighted);
                for (int a = 0; a < rank; a++)
                {
                    for (int b = 0; b < rank; b++)
                    {
                        result[(c * rank) + a, (d * rank) + b] += block[a, b];
                        if (d < c) result[(d * rank) + b, (c * rank) + a] += block[a, b];
                    }
                }
            }
        }

        return result;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
