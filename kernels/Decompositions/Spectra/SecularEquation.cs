using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Roots of 1 / rho + sum of z_j^2 / (d_j - lambda), one between each pole and the next, and one beyond the last.</summary>
/// <remarks>
/// Each root is kept as the distance from the nearer pole, so that the distances from all poles have full relative accuracy.
/// Steps interpolate both sides of the root by a pole each (Bunch, Nielsen and Sorensen 1978) and are kept inside a bracket,
/// which is halved where they leave it or are slow.
/// </remarks>
internal static unsafe class SecularEquation<V>
    where V : unmanaged, IHostVector<V, double>
{
    private const double Epsilon = 1.1102230246251565e-16;

    /// <summary>Steps after which the bracket has shrunk to nothing many times over: float64 has 2^11 binades of 2^52.</summary>
    private const int MostSteps = 2200;

    /// <summary>Solves for one root.</summary>
    /// <param name="d">The poles, ascending.</param>
    /// <param name="squares">z_j^2, above 0.</param>
    /// <param name="count">Poles; 1 or more.</param>
    /// <param name="rho">Above 0.</param>
    /// <param name="k">The root beyond pole k.</param>
    /// <param name="distances">Receives d_j - lambda.</param>
    /// <returns>lambda.</returns>
    public static double Solve(double* d, double* squares, int count, double rho, int k, double* distances)
    {
        bool isLast = k == count - 1;
        double total = 0;
        if (isLast)
        {
            for (int j = 0; j < count; j++) total += squares[j];
        }

        double gap = isLast ? rho * total : d[k + 1] - d[k];
        int origin = k;
        double low = 0, high = gap, eta;
        if (isLast)
        {
            // Rounding may have put the end of the bracket before the root.
            high *= 1 + (4 * count * Epsilon);
            eta = high / 2;
        }
        else
        {
            Distances(d, count, d[k], gap / 2, distances);
            (_, double middle, _, _) = Sums(squares, distances, count, k);
            double others = (1 / rho) + middle - (squares[k] / distances[k]) - (squares[k + 1] / distances[k + 1]);
            bool isLeft = (1 / rho) + middle >= 0;
            origin = isLeft ? k : k + 1;
            (low, high) = isLeft ? (0.0, gap / 2) : (-gap / 2, 0.0);
            eta = FirstGuess(others, squares[k], squares[k + 1], gap, isLeft);
        }

        double previous = double.PositiveInfinity;
        for (int step = 0; step < MostSteps; step++)
        {
            if (!(eta > low && eta < high)) eta = low + ((high - low) / 2);
            if (!(eta > low && eta < high)) eta = low == 0 ? high : low;
            Distances(d, count, d[origin], eta, distances);
            (double magnitude, double sum, double below, double above) = Sums(squares, distances, count, isLast ? k - 1 : k);
            double value = (1 / rho) + sum;
            double bound = Epsilon * ((8 * magnitude) + (1 / rho) + (Math.Abs(eta) * (below + above)));
            if (Math.Abs(value) <= bound) break;
            if (value < 0) low = eta;
            else high = eta;
            if (high - low <= 4 * Epsilon * Math.Min(Math.Abs(low), Math.Abs(high))) break;
            bool isSlow = step > 2 && Math.Abs(value) > 0.25 * previous;
            previous = Math.Abs(value);
            eta = isSlow ? low + ((high - low) / 2) : eta + Step(value, below, above, distances, k, count);
        }

        return d[origin] + eta;
    }

    /// <summary>distances = (d - start) - eta.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Distances(double* d, int count, double start, double eta, double* distances)
    {
        V first = V.Broadcast(start), rest = V.Broadcast(eta);
        for (int j = 0; j < count; j += V.Count)
        {
            int lanes = Math.Min(V.Count, count - j);
            V.StorePartial(V.LoadPartial(d + j, lanes) - first - rest, distances + j, lanes);
        }
    }

    /// <summary>Sum of magnitudes of the terms, sum of the terms, and the derivatives of those up to pole <paramref name="split"/> and beyond it.</summary>
    private static (double Magnitude, double Sum, double Below, double Above) Sums(double* squares, double* distances, int count, int split)
    {
        (double below, double slopeBelow) = Part(squares, distances, split + 1);
        (double above, double slopeAbove) = Part(squares + split + 1, distances + split + 1, count - split - 1);
        return (Math.Abs(below) + Math.Abs(above), below + above, slopeBelow, slopeAbove);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, double Slope) Part(double* squares, double* distances, int count)
    {
        V sum = default, slope = default, one = V.Constant(1);
        int j = 0;
        for (; j <= count - V.Count; j += V.Count)
        {
            V inverse = one / V.Load(distances + j), term = V.Load(squares + j) * inverse;
            sum += term;
            slope = V.MultiplyAdd(term, inverse, slope);
        }

        (double s, double t) = (V.Sum(sum), V.Sum(slope));
        for (; j < count; j++)
        {
            double inverse = 1 / distances[j], term = squares[j] * inverse;
            s += term;
            t += term * inverse;
        }

        return (s, t);
    }

    /// <summary>The root with all poles but the two beside it held where they are in the middle.</summary>
    private static double FirstGuess(double others, double squareLeft, double squareRight, double gap, bool isLeft)
    {
        double a = (others * gap) + (isLeft ? squareLeft + squareRight : -squareLeft - squareRight);
        double b = (isLeft ? squareLeft : squareRight) * gap;
        if (isLeft)
        {
            double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * others)));
            return a > 0 ? 2 * b / (a + root) : (a - root) / (2 * others);
        }
        else
        {
            double root = Math.Sqrt(Math.Abs((a * a) + (4 * b * others)));
            return a < 0 ? 2 * b / (a - root) : -(a + root) / (2 * others);
        }
    }

    /// <summary>From here to the root of the interpolation.</summary>
    private static double Step(double value, double below, double above, double* distances, int k, int count)
    {
        if (count == 1) return -value / (below + above);
        bool isLast = k == count - 1;
        double left = distances[isLast ? k - 1 : k], right = distances[isLast ? k : k + 1];
        double c = value - (left * below) - (right * above);
        double a = ((left + right) * value) - (left * right * (below + above)), b = left * right * value;
        if (isLast && c < 0) c = -c;
        double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
        if (isLast) return a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
        return a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
    }
}
