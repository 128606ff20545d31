namespace FusionKernels;

/// <summary>Minimises a smooth function by limited-memory BFGS with backtracking (Nocedal and Wright 2006, algorithm 7.5).</summary>
/// <param name="evaluate">Returns the value at a point and writes the gradient there.</param>
internal sealed class LimitedMemoryBfgs(Func<double[], double[], double> evaluate)
{
    /// <summary>Pairs of steps and gradient changes: what Nocedal and Wright recommend at most, little against one evaluation.</summary>
    private const int Memory = 10;

    // The decrease that a step must reach, of what the slope promises, and how often a step is halved.
    private const double SufficientDecrease = 1e-4;
    private const int Halvings = 30;

    private readonly List<(double[] Step, double[] Change, double Inverse)> _pairs = [];

    /// <summary>Descends from a point until an iteration lowers the value by less than the tolerance.</summary>
    /// <param name="point">The start; receives the best point.</param>
    /// <param name="iterations">At most so many.</param>
    /// <param name="tolerance">The least decrease, times the value's magnitude where that is above 1.</param>
    /// <param name="values">Receives the value at the start and after every iteration.</param>
    /// <returns>Whether the tolerance ended it.</returns>
    public bool Minimize(double[] point, int iterations, double tolerance, List<double> values)
    {
        double[] gradient = new double[point.Length], next = new double[point.Length], nextGradient = new double[point.Length];
        double value = evaluate(point, gradient);
        values.Add(value);
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            double[] direction = Direction(gradient);
            double slope = Dot(direction, gradient);
            if (!(slope < 0))
            {
                // Noise has made the curvature useless: begin again along the gradient.
                _pairs.Clear();
                direction = Array.ConvertAll(gradient, component => -component);
                slope = -Dot(gradient, gradient);
                if (slope == 0) return true;
            }

            double step = _pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1, nextValue = double.PositiveInfinity;
            for (int halving = 0; halving < Halvings && !(nextValue <= value + (SufficientDecrease * step * slope)); halving++)
            {
                if (halving > 0) step /= 2;
                for (int i = 0; i < point.Length; i++) next[i] = point[i] + (step * direction[i]);
                nextValue = evaluate(next, nextGradient);
            }

            // No step goes down as far as digits tell.
            if (!(nextValue < value)) return true;
            Remember(point, next, gradient, nextGradient);
            bool isDone = value - nextValue < tolerance * Math.Max(1, Math.Abs(value));
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
            values.Add(value);
            if (isDone) return true;
        }

        return false;
    }

    private double[] Direction(double[] gradient)
    {
        double[] direction = Array.ConvertAll(gradient, component => -component);
        double[] factors = new double[_pairs.Count];
        for (int p = _pairs.Count - 1; p >= 0; p--)
        {
            factors[p] = _pairs[p].Inverse * Dot(_pairs[p].Step, direction);
            AddTo(direction, -factors[p], _pairs[p].Change);
        }

        if (_pairs.Count > 0)
        {
            (_, double[] change, double inverse) = _pairs[^1];
            double scale = 1 / (inverse * Dot(change, change));
            for (int i = 0; i < direction.Length; i++) direction[i] *= scale;
        }

        for (int p = 0; p < _pairs.Count; p++) AddTo(direction, factors[p] - (_pairs[p].Inverse * Dot(_pairs[p].Change, direction)), _pairs[p].Step);
        return direction;
    }

    private void Remember(double[] point, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] step = new double[point.Length], change = new double[point.Length];
        for (int i = 0; i < point.Length; i++) (step[i], change[i]) = (next[i] - point[i], nextGradient[i] - gradient[i]);

        // Without positive curvature the pair would turn descent into ascent.
        double curvature = Dot(step, change);
        if (!(curvature > 1e-12 * Dot(change, change))) return;
        if (_pairs.Count == Memory) _pairs.RemoveAt(0);
        _pairs.Add((step, change, 1 / curvature));
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void AddTo(double[] target, double factor, double[] addend)
    {
        for (int i = 0; i < target.Length; i++) target[i] += factor * addend[i];
    }
}
