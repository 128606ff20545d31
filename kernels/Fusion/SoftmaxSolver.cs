using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Multinomial logistic regression: minimises the sum of -log p(class) + |W|^2 / (2 cost), without the intercepts, by L-BFGS (Nocedal 1980).</summary>
internal sealed class SoftmaxSolver
{
    private const int Memory = 10;

    private readonly DenseAlgebra _algebra;
    private readonly RunSettings _settings;
    private readonly DenseMatrix _x;
    private readonly int[] _classes;
    private readonly int _outputs;
    private readonly double _decay;

    /// <summary>A problem.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="x">rows x features, the last column 1: its weights are the intercepts.</param>
    /// <param name="classes">By row: its class, 0 to outputs - 1.</param>
    /// <param name="outputs">Classes.</param>
    /// <param name="cost">C: the inverse of the decay.</param>
    /// <param name="settings">How to run.</param>
    public SoftmaxSolver(HostEngine engine, DenseMatrix x, int[] classes, int outputs, double cost, in RunSettings settings) =>
        (_algebra, _settings, _x, _classes, _outputs, _decay) = (new(engine, settings), settings, x, classes, outputs, 1 / cost);

    /// <summary>Evaluations of loss and gradient so far, two products with the rows each.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Solves until the gradient is so small, relative to its first size.</summary>
    /// <returns>features x outputs.</returns>
    public DenseMatrix Solve(double tolerance = 1e-6, int mostSteps = 500)
    {
        DenseMatrix weights = new(_x.Columns, _outputs);
        double[] w = weights.Elements;
        (double loss, double[] gradient) = Evaluate(weights);
        double start = Norm(gradient);
        List<(double[] S, double[] Y, double Rho)> memory = [];
        for (int step = 0; step < mostSteps && Norm(gradient) > tolerance * start; step++)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            double[] direction = Direction(gradient, memory);
            double slope = Dot(direction, gradient), length = memory.Count == 0 ? 1 / Math.Max(1, Norm(gradient)) : 1;
            double[] from = (double[])w.Clone(), before = gradient;
            double reached = loss;
            for (; length > 1e-12; length /= 2)
            {
                for (int i = 0; i < w.Length; i++) w[i] = from[i] + (length * direction[i]);
                (reached, gradient) = Evaluate(weights);
                if (reached <= loss + (1e-4 * length * slope)) break;
            }

            if (!(reached < loss))
            {
                from.CopyTo(w, 0);
                break;
            }

            double[] s = Difference(w, from), y = Difference(gradient, before);
            double curvature = Dot(s, y);
            if (curvature > 0) memory.Add((s, y, 1 / curvature));
            if (memory.Count > Memory) memory.RemoveAt(0);
            loss = reached;
        }

        return weights;
    }

    /// <summary>Scores turned into probabilities, row by row, in place.</summary>
    public static void Softmax(DenseMatrix scores)
    {
        for (int i = 0; i < scores.Rows; i++) Softmax(scores.Row(i));
    }

    /// <summary>Scores turned into probabilities in place; gives the logarithm of the sum of their exponentials.</summary>
    public static double Softmax(Span<double> row)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double value in row) largest = Math.Max(largest, value);
        for (int c = 0; c < row.Length; c++) sum += row[c] = Math.Exp(row[c] - largest);
        for (int c = 0; c < row.Length; c++) row[c] /= sum;
        return largest + Math.Log(sum);
    }

    private (double Loss, double[] Gradient) Evaluate(DenseMatrix weights)
    {
        Evaluations++;
        DenseMatrix scores = _algebra.Multiply(_x, weights);
        double loss = 0;
        for (int i = 0; i < scores.Rows; i++)
        {
            Span<double> row = scores.Row(i);
            double own = row[_classes[i]];
            loss += Softmax(row) - own;
            row[_classes[i]] -= 1;
        }

        DenseMatrix gradient = _algebra.TransposedMultiply(_x, scores);
        for (int i = 0; i < (_x.Columns - 1) * _outputs; i++)
        {
            loss += _decay * weights.Elements[i] * weights.Elements[i] / 2;
            gradient.Elements[i] += _decay * weights.Elements[i];
        }

        return (loss, gradient.Elements);
    }

    /// <summary>Minus the inverse curvature times the gradient, by the two loops over what is remembered.</summary>
    private static double[] Direction(double[] gradient, List<(double[] S, double[] Y, double Rho)> memory)
    {
        double[] q = [.. gradient.Select(value => -value)], alphas = new double[memory.Count];
        for (int m = memory.Count - 1; m >= 0; m--)
        {
            alphas[m] = memory[m].Rho * Dot(memory[m].S, q);
            for (int i = 0; i < q.Length; i++) q[i] -= alphas[m] * memory[m].Y[i];
        }

        if (memory.Count > 0)
        {
            double scale = 1 / (memory[^1].Rho * Dot(memory[^1].Y, memory[^1].Y));
            for (int i = 0; i < q.Length; i++) q[i] *= scale;
        }

        for (int m = 0; m < memory.Count; m++)
        {
            double beta = memory[m].Rho * Dot(memory[m].Y, q);
            for (int i = 0; i < q.Length; i++) q[i] += (alphas[m] - beta) * memory[m].S[i];
        }

        return q;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        double[] result = new double[a.Length];
        for (int i = 0; i < a.Length; i++) result[i] = a[i] - b[i];
        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double Norm(double[] a) => Math.Sqrt(Dot(a, a));
}
