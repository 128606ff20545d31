using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Fusion;

/// <summary>What the modes of two and of several classes have in common.</summary>
internal static class LaplaceSteps
{
    private const int MostSteps = 100;

    /// <summary>The lower triangle of I + R K R, R of the roots.</summary>
    public static DenseMatrix Triangle(DenseAlgebra algebra, DenseMatrix k, double[] roots)
    {
        DenseMatrix b = new(k.Rows, k.Rows);
        for (int i = 0; i < k.Rows; i++)
        {
            ReadOnlySpan<double> source = k.Row(i);
            Span<double> row = b.Row(i);
            for (int j = 0; j < row.Length; j++) row[j] = roots[i] * source[j] * roots[j];
            row[i] += 1;
        }

        return algebra.Cholesky(b);
    }

    /// <summary>aᵀ f / 2.</summary>
    public static double Half(double[] a, double[] f)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * f[i];
        return sum / 2;
    }

    /// <summary>The way from a to Newton's point, halved until the objective does not fall: the full step overshoots where the likelihood saturates.</summary>
    /// <param name="algebra">Multiplies.</param>
    /// <param name="k">The covariance of one output.</param>
    /// <param name="outputs">Outputs, one block of rows behind the other.</param>
    /// <param name="from">a.</param>
    /// <param name="to">Newton's a.</param>
    /// <param name="objective">The objective at a.</param>
    /// <param name="at">The objective of an a and its f = K a.</param>
    public static (double Objective, double[] A, double[] F) Search(
        DenseAlgebra algebra, DenseMatrix k, int outputs, double[] from, double[] to, double objective, Func<double[], double[], double> at)
    {
        for (double part = 1; ; part /= 2)
        {
            double[] a = new double[from.Length];
            for (int i = 0; i < a.Length; i++) a[i] = from[i] + (part * (to[i] - from[i]));
            double[] f = Image(algebra, k, outputs, a);
            double reached = at(a, f);
            if (reached >= objective || part < 1e-6) return (reached, a, f);
        }
    }

    /// <summary>K a of each output.</summary>
    public static double[] Image(DenseAlgebra algebra, DenseMatrix k, int outputs, double[] a)
    {
        // (K A)ᵀ = Aᵀ K: outputs lie row by row.
        return algebra.Multiply(new(outputs, k.Rows, a), k).Elements;
    }

    /// <summary>Whether the objective has settled: Newton's steps square its distance from the optimum.</summary>
    public static bool IsDone(double before, double after, int step) => after - before <= 1e-10 * (1 + Math.Abs(after)) || step >= MostSteps;
}
