using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>min |A x - b|, x of 0 or more, on the host: R of A = Q R once, then the active set method for each right-hand side.</summary>
internal sealed class NonNegativeHost
{
    private readonly DenseAlgebra _algebra;
    private readonly DenseMatrix _a;
    private readonly DenseMatrix _q;
    private readonly NonNegativeActiveSet _active;
    private readonly double[] _lengths;

    /// <summary>Scales the columns to length 1 and triangularises them.</summary>
    public NonNegativeHost(HostEngine engine, DenseMatrix a, in RunSettings settings)
    {
        (_algebra, _a) = (new(engine, settings), a);
        DenseMatrix unit = new(a.Rows, a.Columns);
        _lengths = UnitColumns.Copy<double>(a.Elements, a.Columns, unit.Elements);
        (_q, DenseMatrix r) = _algebra.Qr(unit);
        _active = new(_algebra, r, Epsilon.Float64, settings);
    }

    /// <summary>Solves for one right-hand side.</summary>
    public NonNegativeSolution Solve(double[] b)
    {
        double scale = UnitColumns.Length(b);
        if (scale == 0) return new(new double[_a.Columns], 0, 0, 0);
        double[] target = _algebra.TransposedMultiply(_q, new(b.Length, 1, [.. b.Select(value => value / scale)])).Elements;
        (double[] x, int steps) = _active.Solve(target);
        for (int j = 0; j < x.Length; j++) x[j] = _lengths[j] == 0 ? 0 : x[j] * scale / _lengths[j];
        return Finish(x, b, scale, steps);
    }

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
            worst = Math.Max(worst, NonNegativeSolution.Missed(x[j], gradient));
        }

        return new(x, UnitColumns.Length(residual), worst, steps);
    }
}

/// <summary>One solution.</summary>
/// <param name="X">The variables.</param>
/// <param name="Norm">|A x - b|.</param>
/// <param name="KktResidual">How far the conditions of optimality are missed, relative to the lengths of columns and b.</param>
/// <param name="Steps">Steps that were taken.</param>
internal readonly record struct NonNegativeSolution(double[] X, double Norm, double KktResidual, int Steps)
{
    /// <summary>How far one variable misses the conditions of optimality: its gradient has to be 0, or, where it is 0 itself, not above.</summary>
    public static double Missed(double x, double gradient) => x > 0 ? Math.Abs(gradient) : gradient;
}
