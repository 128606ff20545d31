using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>The active set method for min |A x - b|, x of 0 or more (Lawson and Hanson 1974, algorithm 23.10), on R of A = Q R.</summary>
internal sealed class NonNegativeHost
{
    /// <summary>Units in the last place, per column, below which a gradient or a pivot of unit columns is noise.</summary>
    private const double Noise = 16 * 2.220446049250313e-16;

    private readonly DenseAlgebra _algebra;
    private readonly RunSettings _settings;
    private readonly DenseMatrix _a;
    private readonly DenseMatrix _q;
    private readonly DenseMatrix _r;
    private readonly double[] _lengths;

    /// <summary>Scales the columns to length 1 and triangularises them.</summary>
    public NonNegativeHost(HostEngine engine, DenseMatrix a, in RunSettings settings)
    {
        (_algebra, _settings, _a) = (new(engine, settings), settings, a);
        _lengths = [.. Enumerable.Range(0, a.Columns).Select(j => Length(a.Column(j)))];
        DenseMatrix scaled = a.Copy();
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++) scaled[i, j] = _lengths[j] == 0 ? 0 : scaled[i, j] / _lengths[j];
        }

        (_q, _r) = _algebra.Qr(scaled);
    }

    /// <summary>Solves for one right-hand side.</summary>
    public NonNegativeSolution Solve(double[] b)
    {
        int columns = _a.Columns;
        double scale = Length(b);
        double[] x = new double[columns];
        if (scale == 0) return new(x, 0, 0, 0);
        double[] target = _algebra.TransposedMultiply(_q, new(b.Length, 1, [.. b.Select(value => value / scale)])).Elements;
        List<int> free = [];
        bool[] refused = new bool[columns];
        double best = Distance(x, target);
        int steps = 0;
        while (Entering(x, target, free, refused) is >= 0 and int entering)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
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

        for (int j = 0; j < columns; j++) x[j] = _lengths[j] == 0 ? 0 : x[j] * scale / _lengths[j];
        return Finish(x, b, scale, steps);
    }

    /// <summary>The column whose gradient points furthest up; -1 when none does.</summary>
    private int Entering(double[] x, double[] target, List<int> free, bool[] refused)
    {
        double[] gradient = Gradient(x, target);
        double most = Noise * _a.Columns;
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
        DenseMatrix part = new(_r.Rows, free.Count);
        for (int i = 0; i < part.Rows; i++)
        {
            for (int p = 0; p < free.Count; p++) part[i, p] = _r[i, free[p]];
        }

        if (free.Count > part.Rows) return null;
        (DenseMatrix q, DenseMatrix r) = _algebra.Qr(part);
        double[] z = _algebra.TransposedMultiply(q, new(target.Length, 1, target)).Elements;
        for (int p = free.Count - 1; p >= 0; p--)
        {
            if (r[p, p] <= Noise * free.Count) return null;
            for (int k = p + 1; k < free.Count; k++) z[p] -= r[p, k] * z[k];
            z[p] /= r[p, p];
        }

        return z;
    }

    private double[] Residual(double[] x, double[] target)
    {
        double[] residual = (double[])target.Clone();
        for (int i = 0; i < residual.Length; i++)
        {
            for (int j = i; j < x.Length; j++) residual[i] -= _r[i, j] * x[j];
        }

        return residual;
    }

    private double[] Gradient(double[] x, double[] target)
    {
        double[] residual = Residual(x, target), gradient = new double[x.Length];
        for (int i = 0; i < residual.Length; i++)
        {
            for (int j = i; j < x.Length; j++) gradient[j] += _r[i, j] * residual[i];
        }

        return gradient;
    }

    private double Distance(double[] x, double[] target) => Length(Residual(x, target));

    /// <summary>Norm and optimality against the matrix as it was given.</summary>
    private NonNegativeSolution Finish(double[] x, double[] b, double scale, int steps)
    {
        double[] residual = (double[])b.Clone();
        for (int i = 0; i < residual.Length; i++)
        {
            for (int j = 0; j < x.Length; j++) residual[i] -= _a[i, j] * x[j];
        }

        double worst = 0;
        for (int j = 0; j < x.Length; j++)
        {
            if (_lengths[j] == 0) continue;
            double gradient = 0;
            for (int i = 0; i < residual.Length; i++) gradient += _a[i, j] / _lengths[j] * (residual[i] / scale);
            worst = Math.Max(worst, x[j] > 0 ? Math.Abs(gradient) : gradient);
        }

        return new(x, Length(residual), worst, steps);
    }

    private static double Length(double[] values)
    {
        double largest = values.Length == 0 ? 0 : values.Max(Math.Abs), sum = 0;
        if (largest == 0) return 0;
        foreach (double value in values) sum += value / largest * (value / largest);
        return largest * Math.Sqrt(sum);
    }
}

/// <summary>One solution.</summary>
/// <param name="X">The variables.</param>
/// <param name="Norm">|A x - b|.</param>
/// <param name="KktResidual">How far the conditions of optimality are missed, relative to the lengths of columns and b.</param>
/// <param name="Steps">Steps that were taken.</param>
internal readonly record struct NonNegativeSolution(double[] X, double Norm, double KktResidual, int Steps);
