namespace FusionKernels.Kernels.Fusion;

/// <summary>Least value of a convex function over weights of 0 or more that add up to 1, by reduced gradients (Rakotomamonjy et al. 2008, algorithm 1).</summary>
/// <param name="evaluate">Value and gradient at weights.</param>
/// <param name="count">Weights.</param>
internal sealed class ReducedGradient(Func<double[], (double Value, double[] Gradient)> evaluate, int count)
{
    /// <summary>The golden section.</summary>
    private const double Golden = 0.6180339887498949;

    /// <summary>Where the search stands: equal weights at first.</summary>
    public double[] Weights { get; private set; } = [.. Enumerable.Repeat(1.0 / count, count)];

    /// <summary>The value there.</summary>
    public double Value { get; private set; }

    /// <summary>Descents that were made.</summary>
    public int Descents { get; private set; }

    /// <summary>Descends until the duality gap, relative to the value, is small enough.</summary>
    /// <param name="gap">The relative gap.</param>
    /// <param name="most">The most descents.</param>
    /// <param name="progress">Told the fraction of them.</param>
    public void Run(double gap, int most, Action<double> progress)
    {
        (double value, double[] gradient) = evaluate(Weights);
        Value = value;
        for (; Descents < most; Descents++)
        {
            // Every gradient is minus half of a form: the gap is the largest form less their weighted sum, halved (section 3.5).
            double weighted = 0;
            for (int m = 0; m < count; m++) weighted += Weights[m] * gradient[m];
            if (weighted - gradient.Min() <= gap * Math.Abs(Value)) break;
            double[]? next = Descend(gradient, ref value, out double[]? at);
            if (next is null) break;
            (Weights, gradient, Value) = (next, at!, value);
            progress((Descents + 1.0) / most);
        }
    }

    private double[]? Descend(double[] gradient, ref double value, out double[]? at)
    {
        at = null;
        double[] from = Weights;
        int largest = Array.IndexOf(from, from.Max());
        double[] direction = new double[count];
        for (int m = 0; m < count; m++)
        {
            double slope = gradient[m] - gradient[largest];
            if (m == largest || (from[m] == 0 && slope > 0)) continue;
            direction[m] = -slope;
            direction[largest] += slope;
        }

        // As far as the first weight at 0, and on from there while that is still lower.
        double room = Room(from, direction, out int blocking);
        if (blocking < 0) return null;
        double[]? best = null;
        while (true)
        {
            double[] end = Moved(from, direction, room, blocking);
            (double reached, double[] slopes) = evaluate(end);
            if (!(reached < value)) break;
            (best, value, at) = (end, reached, slopes);
            from = end;
            direction[largest] += direction[blocking];
            direction[blocking] = 0;
            room = Room(from, direction, out blocking);
            if (blocking < 0) return best;
        }

        double low = 0, high = room;
        for (int step = 0; step < 20 && high - low > 1e-3 * room; step++)
        {
            double inner = high - (Golden * (high - low)), outer = low + (Golden * (high - low));
            double[] a = Moved(from, direction, inner, -1), b = Moved(from, direction, outer, -1);
            (double valueA, double[] slopesA) = evaluate(a);
            if (valueA < value)
            {
                (best, value, at) = (a, valueA, slopesA);
                break;
            }

            (double valueB, double[] slopesB) = evaluate(b);
            if (valueB < value)
            {
                (best, value, at) = (b, valueB, slopesB);
                break;
            }

            high = inner;
        }

        return best;
    }

    private static double Room(double[] from, double[] direction, out int blocking)
    {
        double room = double.PositiveInfinity;
        blocking = -1;
        for (int m = 0; m < from.Length; m++)
        {
            if (direction[m] < 0 && -from[m] / direction[m] < room) (room, blocking) = (-from[m] / direction[m], m);
        }

        return room;
    }

    private static double[] Moved(double[] from, double[] direction, double length, int zero)
    {
        double[] result = new double[from.Length];
        for (int m = 0; m < result.Length; m++) result[m] = m == zero ? 0 : Math.Max(0, from[m] + (length * direction[m]));
        double sum = result.Sum();
        for (int m = 0; m < result.Length; m++) result[m] /= sum;
        return result;
    }
}
