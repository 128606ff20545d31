using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>
/// Sequential minimal optimisation with second-order choice of the pair (Fan, Chen and Lin 2005, WSS 2), on one thread.
/// </summary>
/// <remarks>
/// In beta = y alpha both classes have one form: beta(i) rises and beta(j) falls by one step, and f(t) = y(t) - sum beta(s) K(s, t)
/// orders the rows. Every operation is of one element or a maximum, so that bits do not depend on the width.
/// </remarks>
/// <typeparam name="V">The vector.</typeparam>
internal sealed unsafe class SvmSolver<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>Stands for a curvature that is not above 0, as Fan, Chen and Lin take it: such a pair then moves to its bound.</summary>
    private const double LeastCurvature = 1e-12;

    private readonly SvmProblem _problem;
    private readonly SvmRows _rows;
    private readonly double[] _beta;
    private readonly double[] _f;
    private readonly double[] _diagonal;
    private readonly double[] _score;

    /// <summary>0 where beta may rise, minus infinity where it is at its upper bound.</summary>
    private readonly double[] _mayRise;

    /// <summary>0 where beta may fall, infinity where it is at its lower bound.</summary>
    private readonly double[] _mayFall;

    /// <summary>Prepares a problem.</summary>
    /// <param name="rows">Rows of its Gram matrix, padded to the vector.</param>
    /// <param name="problem">The problem.</param>
    public SvmSolver(SvmRows rows, in SvmProblem problem)
    {
        (_rows, _problem) = (rows, problem);
        int length = _rows.Length;
        _beta = new double[problem.Rows.Length];
        (_f, _score, _mayRise, _mayFall) = (new double[length], new double[length], new double[length], new double[length]);
        _diagonal = _rows.Diagonal();
        for (int t = 0; t < length; t++)
        {
            if (t < _beta.Length) _f[t] = problem.Signs[t];
            Bound(t);
        }
    }

    /// <summary>Moves pairs until none violates optimality by more than the tolerance.</summary>
    /// <param name="cancellation">Ends the search early; the caller throws.</param>
    public SvmSolution Solve(CancellationToken cancellation)
    {
        // As many as libsvm allows: ten million, or a hundred for each row.
        long most = Math.Max(10_000_000L, 100L * _beta.Length);
        int iterations = 0;
        double gap = 0;
        double highest = Highest(default, default, 0);
        for (; iterations < most; iterations++)
        {
            if (iterations % 1024 == 0 && cancellation.IsCancellationRequested) break;
            if (double.IsNegativeInfinity(highest)) break;
            int i = FirstScore(highest);
            double[] rowI = _rows[i];
            (double best, gap) = Partner(rowI, highest, _diagonal[i]);
            if (!(gap >= _problem.Tolerance)) break;
            int j = FirstScore(best);
            double[] rowJ = _rows[j];
            double step = Move(i, j, rowI[j]);
            highest = Highest(rowI, rowJ, step);
        }

        return new(_beta, Bias(), Objective(), iterations, Math.Max(0, gap));
    }

    /// <summary>f -= step (rowI - rowJ), and the largest f of a row that may rise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Highest(ReadOnlySpan<double> rowI, ReadOnlySpan<double> rowJ, double step)
    {
        V highest = V.Broadcast(double.NegativeInfinity);
        V by = V.Broadcast(step);
        fixed (double* f = _f, up = _mayRise, score = _score, ri = rowI, rj = rowJ)
        {
            for (int t = 0; t < _f.Length; t += V.Count)
            {
                V value = V.Load(f + t);
                if (step != 0)
                {
                    value -= by * (V.Load(ri + t) - V.Load(rj + t));
                    V.Store(value, f + t);
                }

                value += V.Load(up + t);
                V.Store(value, score + t);
                highest = V.Max(highest, value);
            }
        }

        return Largest(highest);
    }

    /// <summary>The largest gain of the second order among rows that may fall, left in the scores, and the largest violation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Best, double Gap) Partner(ReadOnlySpan<double> row, double highest, double diagonal)
    {
        V best = V.Broadcast(-1), gap = V.Broadcast(double.NegativeInfinity), zero = V.Broadcast(0), two = V.Broadcast(2);
        V least = V.Broadcast(LeastCurvature), top = V.Broadcast(highest), own = V.Broadcast(diagonal);
        fixed (double* f = _f, low = _mayFall, score = _score, k = row, d = _diagonal)
        {
            for (int t = 0; t < _f.Length; t += V.Count)
            {
                V violation = top - (V.Load(f + t) + V.Load(low + t));
                gap = V.Max(gap, violation);
                V positive = V.Max(violation, zero);
                V curvature = V.Max(own + V.Load(d + t) - (two * V.Load(k + t)), least);
                V gain = positive * positive / curvature;
                V.Store(gain, score + t);
                best = V.Max(best, gain);
            }
        }

        return (Largest(best), Largest(gap));
    }

    private double Move(int i, int j, double between)
    {
        double curvature = Math.Max(_diagonal[i] + _diagonal[j] - (2 * between), LeastCurvature);
        double step = (_f[i] - _f[j]) / curvature;
        double roomI = Upper(i) - _beta[i], roomJ = _beta[j] - Lower(j);
        step = Math.Min(step, Math.Min(roomI, roomJ));
        _beta[i] = step == roomI ? Upper(i) : _beta[i] + step;
        _beta[j] = step == roomJ ? Lower(j) : _beta[j] - step;
        Bound(i);
        Bound(j);
        return step;
    }

    private double Upper(int t) => _problem.Signs[t] > 0 ? _problem.Cost : 0;

    private double Lower(int t) => _problem.Signs[t] > 0 ? 0 : -_problem.Cost;

    private void Bound(int t)
    {
        bool inside = t < _beta.Length;
        _mayRise[t] = inside && _beta[t] < Upper(t) ? 0 : double.NegativeInfinity;
        _mayFall[t] = inside && _beta[t] > Lower(t) ? 0 : double.PositiveInfinity;
    }

    /// <summary>The mean of f over free rows; between the bounds where there is none.</summary>
    private double Bias()
    {
        double sum = 0, above = double.NegativeInfinity, below = double.PositiveInfinity;
        int free = 0;
        for (int t = 0; t < _beta.Length; t++)
        {
            if (_mayRise[t] == 0) above = Math.Max(above, _f[t]);
            if (_mayFall[t] == 0) below = Math.Min(below, _f[t]);
            if (_mayRise[t] != 0 || _mayFall[t] != 0) continue;
            sum += _f[t];
            free++;
        }

        if (free > 0) return sum / free;
        return double.IsFinite(above) && double.IsFinite(below) ? (above + below) / 2 : double.IsFinite(above) ? above : double.IsFinite(below) ? below : 0;
    }

    /// <summary>sum of alpha - beta' K beta / 2, with K beta = y - f.</summary>
    private double Objective()
    {
        double sum = 0;
        for (int t = 0; t < _beta.Length; t++) sum += _beta[t] * (_problem.Signs[t] + _f[t]) / 2;
        return sum;
    }

    /// <summary>Where a score first stands, by its bits, which vectors compare: none is minus zero, since zero was added to it or it is a square.</summary>
    private int FirstScore(double score) => MemoryMarshal.Cast<double, long>(_score.AsSpan()).IndexOf(BitConverter.DoubleToInt64Bits(score));

    private static double Largest(V value)
    {
        double* lanes = stackalloc double[V.Count];
        V.Store(value, lanes);
        double largest = lanes[0];
        for (int lane = 1; lane < V.Count; lane++) largest = Math.Max(largest, lanes[lane]);
        return largest;
    }
}
