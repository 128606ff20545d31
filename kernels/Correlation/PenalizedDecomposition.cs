using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The penalised matrix decomposition of the correlations Z = Xᵀ Y / (n - 1) between standardised columns, component by component by deflation (Witten, Tibshirani and Hastie 2009).</summary>
/// <remarks>Z is stored where it is smaller than X and Y, and applied through them otherwise.</remarks>
internal sealed class PenalizedDecomposition
{
    /// <summary>Steps of the power method from which a component starts: the start decides which of several optima is near, not how exact it is.</summary>
    private const int PowerSteps = 50;

    private readonly DenseAlgebra _algebra;
    private readonly DenseMatrix _x;
    private readonly DenseMatrix _y;
    private readonly DenseMatrix? _cross;
    private readonly List<(double[] U, double[] V, double Value)> _found = [];

    /// <summary>Takes standardised columns.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="x">rows x columns.</param>
    /// <param name="y">rows x columns.</param>
    /// <param name="settings">How to run.</param>
    public PenalizedDecomposition(HostEngine engine, DenseMatrix x, DenseMatrix y, in RunSettings settings)
    {
        _algebra = new(engine, settings);
        (_x, _y) = (x, y);
        if ((double)x.Columns * y.Columns > (double)x.Rows * (x.Columns + (double)y.Columns)) return;
        _cross = _algebra.TransposedMultiply(x, y);
        foreach (ref double value in _cross.Elements.AsSpan()) value /= x.Rows - 1;
    }

    /// <summary>The next component: unit weights, their product d through what is left of Z, the steps, and whether weights moved by less than the tolerance at the last.</summary>
    public (double[] U, double[] V, double Value, int Iterations, bool Converged) Next(
        SparseConstraint x, SparseConstraint y, int mostIterations, double tolerance, int seed, CancellationToken cancellation)
    {
        double[] v = Start(seed), u = [];
        bool converged = false;
        int step = 0;
        while (step < mostIterations && !converged)
        {
            cancellation.ThrowIfCancellationRequested();
            step++;
            double[] last = v;
            u = x.Apply(Forward(v));
            v = y.Apply(Backward(u));
            double moved = 0;
            for (int j = 0; j < v.Length; j++) moved += Math.Abs(v[j] - last[j]);
            converged = moved <= tolerance;
        }

        double value = 0;
        double[] forward = Forward(v);
        for (int i = 0; i < u.Length; i++) value += u[i] * forward[i];
        _found.Add((u, v, value));
        return (u, v, value, step, converged);
    }

    /// <summary>Near the first right singular vector of what is left of Z.</summary>
    private double[] Start(int seed)
    {
        Random random = new(seed);
        double[] v = new double[_y.Columns];
        for (int j = 0; j < v.Length; j++) v[j] = random.NextDouble() - 0.5;
        for (int step = 0; step < PowerSteps; step++) v = SparseConstraint.Unit(Backward(SparseConstraint.Unit(Forward(v))));
        return v;
    }

    /// <summary>Z v less what the components before took.</summary>
    private double[] Forward(double[] v)
    {
        double[] result = _cross is null ? Scaled(_algebra.TransposedMultiply(_x, Through(_y, v))) : _algebra.Multiply(_cross, Column(v)).Elements;
        foreach ((double[] u, double[] other, double value) in _found) Subtract(result, u, value * Dot(other, v));
        return result;
    }

    /// <summary>Zᵀ u less what the components before took.</summary>
    private double[] Backward(double[] u)
    {
        double[] result = _cross is null ? Scaled(_algebra.TransposedMultiply(_y, Through(_x, u))) : _algebra.TransposedMultiply(_cross, Column(u)).Elements;
        foreach ((double[] other, double[] v, double value) in _found) Subtract(result, v, value * Dot(other, u));
        return result;
    }

    private DenseMatrix Through(DenseMatrix rows, double[] vector) => _algebra.Multiply(rows, Column(vector));

    private double[] Scaled(DenseMatrix column)
    {
        foreach (ref double value in column.Elements.AsSpan()) value /= _x.Rows - 1;
        return column.Elements;
    }

    private static DenseMatrix Column(double[] values) => new(values.Length, 1, values);

    private static void Subtract(double[] target, double[] vector, double factor)
    {
        for (int i = 0; i < target.Length; i++) target[i] -= factor * vector[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
