using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>The active set method for min |R x - target|, x of 0 or more (Lawson and Hanson 1974, algorithm 23.10), in float64 on the host.</summary>
/// <param name="algebra">Small least squares problems.</param>
/// <param name="r">The upper trapezium of A = Q R, whose columns have length 1.</param>
/// <param name="epsilon">A unit in the last place of the precision that R was computed in.</param>
/// <param name="settings">How to run; cancels between steps.</param>
internal sealed class NonNegativeActiveSet(DenseAlgebra algebra, DenseMatrix r, double epsilon, RunSettings settings)
{
    /// <summary>Per column, a gradient or a pivot of unit columns that is noise.</summary>
    private readonly double _noise = 16 * epsilon;

    /// <summary>Solves for a target: Qᵀ b, b of length 1.</summary>
    /// <returns>The variables, and the steps that were taken.</returns>
    public (double[] X, int Steps) Solve(double[] target)
    {
        double[] x = new double[r.Columns];
        List<int> free = [];
        bool[] refused = new bool[r.Columns];
        double best = Distance(x, target);
        int steps = 0;
        while (Entering(x, target, free, refused) is >= 0 and int entering)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            double[] candidate = (double[])x.Clone();
            List<int> candidateFree = [.. free, entering];
            bool isBetter = Move(candidate, candidateFree, target, entering) && Distance(candidate, target) is var distance && distance < best;
            if (!isBetter)
            {
                // Rounding says downhill where there is no way down: this column waits until another has moved.
                refused[entering] = true;
                continue;
            }

            (x, free, best) = (candidate, candidateFree, Distance(candidate, target));
            Array.Clear(refused);
            steps++;
        }

        return (x, steps);
    }

    /// <summary>The column whose gradient points furthest up; -1 when none does.</summary>
    private int Entering(double[] x, double[] target, List<int> free, bool[] refused)
    {
        double[] gradient = Gradient(x, target);
        double most = _noise * r.Columns;
        int entering = -1;
        for (int j = 0; j < gradient.Length; j++)
        {
            if (!refused[j] && !free.Contains(j) && gradient[j] > most) (most, entering) = (gradient[j], j);
        }

        return entering;
    }

    /// <summary>Goes from x towards the least squares solution over the free columns, freeing none below 0; false where the new column depends on the others or wants to be below 0.</summary>
    private bool Move(double[] x, List<int> free, double[] target, int entering)
    {
        bool isFirst = true;
        while (free.Count > 0)
        {
            if (LeastSquares(free, target) is not { } z) return false;
            if (isFirst && !(z[free.IndexOf(entering)] > 0)) return false;
            isFirst = false;
            double step = 1;
            int leaving = -1;
            for (int p = 0; p < free.Count; p++)
            {
                if (z[p] > 0) continue;
                double fraction = x[free[p]] / (x[free[p]] - z[p]);
                if (leaving < 0 || fraction < step) (step, leaving) = (fraction, p);
            }

            for (int p = 0; p < free.Count; p++) x[free[p]] = leaving < 0 ? z[p] : Math.Max(0, x[free[p]] + (step * (z[p] - x[free[p]])));
            if (leaving < 0) return true;
            x[free[leaving]] = 0;
            free.RemoveAll(j => x[j] == 0 && j != entering);
            if (x[entering] == 0) free.Remove(entering);
        }

        return true;
    }

    /// <summary>The least squares solution over some columns; null where they depend on each other.</summary>
    private double[]? LeastSquares(List<int> free, double[] target)
    {
        DenseMatrix part = new(r.Rows, free.Count);
        for (int i = 0; i < part.Rows; i++)
        {
            for (int p = 0; p < free.Count; p++) part[i, p] = r[i, free[p]];
        }

        if (free.Count > part.Rows) return null;
        (DenseMatrix q, DenseMatrix triangle) = algebra.Qr(part);
        double[] z = algebra.TransposedMultiply(q, new(target.Length, 1, target)).Elements;
        for (int p = free.Count - 1; p >= 0; p--)
        {
            if (triangle[p, p] <= _noise * free.Count) return null;
            for (int k = p + 1; k < free.Count; k++) z[p] -= triangle[p, k] * z[k];
            z[p] /= triangle[p, p];
        }

        return z;
    }

    private double[] Residual(double[] x, double[] target)
    {
        double[] residual = (double[])target.Clone();
        for (int i = 0; i < residual.Length; i++)
        {
            for (int j = i; j < x.Length; j++) residual[i] -= r[i, j] * x[j];
        }

        return residual;
    }

    private double[] Gradient(double[] x, double[] target)
    {
        double[] residual = Residual(x, target), gradient = new double[x.Length];
        for (int i = 0; i < residual.Length; i++)
        {
            for (int j = i; j < x.Length; j++) gradient[j] += r[i, j] * residual[i];
        }

        return gradient;
    }

    private double Distance(double[] x, double[] target) => UnitColumns.Length(Residual(x, target));
}
