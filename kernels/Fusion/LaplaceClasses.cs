using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Laplace's approximation of Gaussian processes of several classes with the softmax likelihood (Rasmussen and Williams 2006, algorithms 3.3 and 3.4), all classes of one covariance.</summary>
/// <param name="Gradient">classes x rows: y - pi at the mode.</param>
/// <param name="Precisions">By class: E = D^1/2 (I + D^1/2 K D^1/2)^-1 D^1/2.</param>
/// <param name="Triangle">M of the sum of all E.</param>
/// <param name="LogEvidence">The approximate log p(y).</param>
/// <param name="Steps">Newton's steps.</param>
internal sealed record LaplaceClasses(double[] Gradient, DenseMatrix[] Precisions, DenseMatrix Triangle, double LogEvidence, int Steps) : ILaplaceMode
{
    /// <summary>Finds the mode.</summary>
    /// <param name="algebra">Runs the factorisations.</param>
    /// <param name="k">The covariance, rows x rows.</param>
    /// <param name="own">By row: the number of its class.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="cancellation">Between steps.</param>
    public static LaplaceClasses Fit(DenseAlgebra algebra, DenseMatrix k, int[] own, int classes, CancellationToken cancellation)
    {
        int n = own.Length;
        double[] f = new double[classes * n], a = new double[classes * n];
        double objective = -n * Math.Log(classes);
        for (int step = 1; ; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] p = Softmax(f, classes, n);
            (DenseMatrix[] precisions, DenseMatrix triangle, _) = Factors(algebra, k, p, classes);
            double[] next = Newton(algebra, k, f, p, own, precisions, triangle);
            (double reached, double[] moved, double[] image) = LaplaceSteps.Search(algebra, k, classes, a, next, objective, (candidate, at) => LogLikelihood(at, own, classes) - LaplaceSteps.Half(candidate, at));
            bool isDone = LaplaceSteps.IsDone(objective, reached, step);
            (a, f, objective) = (moved, image, Math.Max(objective, reached));
            if (!isDone) continue;
            p = Softmax(f, classes, n);
            (precisions, triangle, double logDeterminant) = Factors(algebra, k, p, classes);
            for (int i = 0; i < n; i++) p[(own[i] * n) + i] -= 1;
            return new([.. p.Select(value => -value)], precisions, triangle, objective - logDeterminant, step);
        }
    }

    /// <inheritdoc/>
    public (double[] Means, double[] Covariances) Predict(DenseAlgebra algebra, DenseMatrix k, double variance)
    {
        int classes = Precisions.Length, rows = k.Rows, n = k.Columns;
        double[] means = new double[rows * classes], covariances = new double[rows * classes * classes];
        DenseMatrix mean = algebra.MultiplyTransposed(k, new(classes, n, Gradient));
        mean.Elements.CopyTo(means, 0);
        DenseMatrix[] solved = new DenseMatrix[classes];
        for (int c = 0; c < classes; c++)
        {
            DenseMatrix b = algebra.Multiply(k, Precisions[c]);
            for (int i = 0; i < rows; i++)
            {
                double explained = 0;
                for (int j = 0; j < n; j++) explained += b[i, j] * k[i, j];
                covariances[(((i * classes) + c) * classes) + c] = variance - explained;
            }

            // With S = M^-1 E(c) k, the rest of the covariance of classes c and d is S(c) S(d).
            solved[c] = algebra.SolveLower(Triangle, b.Transposed()).Transposed();
        }

        for (int i = 0; i < rows; i++)
        {
            for (int c = 0; c < classes; c++)
            {
                for (int d = 0; d <= c; d++)
                {
                    double shared = 0;
                    ReadOnlySpan<double> one = solved[c].Row(i), other = solved[d].Row(i);
                    for (int j = 0; j < n; j++) shared += one[j] * other[j];
                    covariances[(((i * classes) + c) * classes) + d] += shared;
                    if (d < c) covariances[(((i * classes) + d) * classes) + c] += shared;
                }
            }
        }

        return (means, covariances);
    }

    /// <summary>a of Newton's point: b - c + E R M'\(M\(R' c)) with b = (D - Pi Pi') f + y - pi and c = E K b.</summary>
    private static double[] Newton(DenseAlgebra algebra, DenseMatrix k, double[] f, double[] p, int[] own, DenseMatrix[] precisions, DenseMatrix triangle)
    {
        int classes = precisions.Length, n = own.Length;
        double[] b = new double[classes * n];
        for (int i = 0; i < n; i++)
        {
            double mean = 0;
            for (int c = 0; c < classes; c++) mean += p[(c * n) + i] * f[(c * n) + i];
            for (int c = 0; c < classes; c++) b[(c * n) + i] = (p[(c * n) + i] * (f[(c * n) + i] - mean)) - p[(c * n) + i];
            b[(own[i] * n) + i] += 1;
        }

        double[] kb = LaplaceSteps.Image(algebra, k, classes, b), result = new double[classes * n];
        DenseMatrix sum = new(n, 1);
        for (int c = 0; c < classes; c++)
        {
            double[] image = algebra.Multiply(precisions[c], new(n, 1, kb.AsSpan(c * n, n).ToArray())).Elements;
            for (int i = 0; i < n; i++)
            {
                result[(c * n) + i] = b[(c * n) + i] - image[i];
                sum[i, 0] += image[i];
            }
        }

        DenseMatrix solved = algebra.SolveLowerTransposed(triangle, algebra.SolveLower(triangle, sum));
        for (int c = 0; c < classes; c++)
        {
            double[] image = algebra.Multiply(precisions[c], solved).Elements;
            for (int i = 0; i < n; i++) result[(c * n) + i] += image[i];
        }

        return result;
    }

    /// <summary>E of every class, M of their sum, and log |I + W^1/2 K W^1/2| / 2: |I + K W| is the product of |I + D^1/2 K D^1/2| and |sum of E|.</summary>
    private static (DenseMatrix[] Precisions, DenseMatrix Triangle, double LogDeterminant) Factors(DenseAlgebra algebra, DenseMatrix k, double[] p, int classes)
    {
        int n = k.Rows;
        DenseMatrix[] precisions = new DenseMatrix[classes];
        DenseMatrix sum = new(n, n);
        double logDeterminant = 0;
        for (int c = 0; c < classes; c++)
        {
            double[] roots = [.. p.AsSpan(c * n, n).ToArray().Select(Math.Sqrt)];
            DenseMatrix triangle = LaplaceSteps.Triangle(algebra, k, roots), diagonal = new(n, n);
            for (int i = 0; i < n; i++)
            {
                diagonal[i, i] = roots[i];
                logDeterminant += Math.Log(triangle[i, i]);
            }

            DenseMatrix half = algebra.SolveLower(triangle, diagonal);
            precisions[c] = algebra.MultiplySelf(half);
            for (int at = 0; at < sum.Elements.Length; at++) sum.Elements[at] += precisions[c].Elements[at];
        }

        DenseMatrix whole = algebra.Cholesky(sum);
        for (int i = 0; i < n; i++) logDeterminant += Math.Log(whole[i, i]);
        return (precisions, whole, logDeterminant);
    }

    /// <summary>By class, then by row: its share.</summary>
    public static double[] Softmax(double[] f, int classes, int n)
    {
        double[] p = new double[f.Length], row = new double[classes];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < classes; c++) row[c] = f[(c * n) + i];
            SoftmaxSolver.Softmax(row);
            for (int c = 0; c < classes; c++) p[(c * n) + i] = row[c];
        }

        return p;
    }

    /// <summary>log p(y | f).</summary>
    public static double LogLikelihood(double[] f, int[] own, int classes)
    {
        int n = own.Length;
        double sum = 0;
        double[] row = new double[classes];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < classes; c++) row[c] = f[(c * n) + i];
            sum += f[(own[i] * n) + i] - SoftmaxSolver.Softmax(row);
        }

        return sum;
    }
}
