using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Matching;

/// <summary>Sinkhorn's iterations in the log domain: plan(i, j) = exp(Row(i) + Column(j) + score(i, j) / epsilon).</summary>
/// <remarks>
/// Each half fits one side's marginals exactly (Cuturi 2013), or halfway where deviating from them has a price (Chizat et al. 2018).
/// A small epsilon is approached in quarters from the range of the scores, the potentials carried along (Schmitzer 2019).
/// </remarks>
/// <param name="rowWeights">The mass of each row.</param>
/// <param name="columnWeights">The mass of each column.</param>
/// <param name="epsilon">The regularisation.</param>
/// <param name="firstEpsilon">Where to begin; at least epsilon.</param>
/// <param name="penalty">The price of a unit of deviation from the marginals; infinite where they must be met.</param>
/// <param name="tolerance">The summed deviation of the rows' marginals over their mass, or the change of the potentials, that ends it.</param>
/// <param name="maximumIterations">Pairs of passes at most.</param>
/// <param name="settings">Cancels between passes.</param>
internal sealed class SinkhornSolver(
    double[] rowWeights, double[] columnWeights, double epsilon, double firstEpsilon, double penalty, double tolerance, int maximumIterations, RunSettings settings)
{
    /// <summary>Pairs of passes at an epsilon that is only passed through: they bring the potentials near, the last epsilon does the rest.</summary>
    private const int PassingIterations = 20;

    private readonly double[] _logRows = Array.ConvertAll(rowWeights, Math.Log);
    private readonly double[] _logColumns = Array.ConvertAll(columnWeights, Math.Log);
    private readonly double[] _rowSums = new double[rowWeights.Length];
    private readonly double[] _columnSums = new double[columnWeights.Length];

    /// <summary>By row: its potential over epsilon.</summary>
    public double[] Rows { get; } = new double[rowWeights.Length];

    /// <summary>By column: its potential over epsilon.</summary>
    public double[] Columns { get; } = Array.ConvertAll(columnWeights, Math.Log);

    /// <summary>Pairs of passes that were made.</summary>
    public int Iterations { get; private set; }

    /// <summary>Whether the tolerance was met.</summary>
    public bool Converged { get; private set; }

    /// <summary>The sum over the rows of |the plan's mass - theirs|.</summary>
    public double RowError { get; private set; }

    /// <summary>The sum over the columns of |the plan's mass - theirs|.</summary>
    public double ColumnError { get; private set; }

    /// <summary>Iterates.</summary>
    public void Run(ITransportPasses passes)
    {
        double at = firstEpsilon;
        while (at > epsilon)
        {
            Iterate(passes, at, Math.Min(PassingIterations, maximumIterations - Iterations));
            double next = Math.Max(epsilon, at / 4);
            for (int j = 0; j < Columns.Length; j++)
            {
                if (columnWeights[j] > 0) Columns[j] = _logColumns[j] + ((Columns[j] - _logColumns[j]) * (at / next));
            }

            at = next;
        }

        Converged = Iterate(passes, epsilon, Math.Max(1, maximumIterations - Iterations));
        if (!Converged) passes.LogSums(ofColumns: false, Columns, 1 / epsilon, _rowSums);
        RowError = Deviation(Rows, _rowSums, rowWeights);
        ColumnError = Deviation(Columns, _columnSums, columnWeights);
    }

    /// <summary>Iterates at one epsilon.</summary>
    /// <returns>Whether it converged; then the sums of both sides are those of the potentials.</returns>
    private bool Iterate(ITransportPasses passes, double at, int most)
    {
        double share = double.IsPositiveInfinity(penalty) ? 1 : penalty / (penalty + at);
        for (int iteration = 0; iteration <= most; iteration++)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            passes.LogSums(ofColumns: false, Columns, 1 / at, _rowSums);
            if (iteration > 0 && IsFitted(share)) return true;
            if (iteration == most) break;
            Fit(Rows, _logRows, _rowSums, share);
            passes.LogSums(ofColumns: true, Rows, 1 / at, _columnSums);
            Fit(Columns, _logColumns, _columnSums, share);
            Iterations++;
            settings.Progress?.Report(Math.Min(1, Iterations / (double)maximumIterations));
        }

        return false;
    }

    /// <summary>Whether the rows fit, the columns having been fitted last.</summary>
    private bool IsFitted(double share)
    {
        if (share == 1) return Deviation(Rows, _rowSums, rowWeights) <= tolerance * rowWeights.Sum();
        double change = 0;
        for (int i = 0; i < Rows.Length; i++)
        {
            if (rowWeights[i] > 0) change = Math.Max(change, Math.Abs((share * (_logRows[i] - _rowSums[i])) - Rows[i]));
        }

        return change <= tolerance;
    }

    private static void Fit(double[] potentials, double[] logWeights, double[] logSums, double share)
    {
        for (int i = 0; i < potentials.Length; i++) potentials[i] = double.IsNegativeInfinity(logWeights[i]) ? double.NegativeInfinity : share * (logWeights[i] - logSums[i]);
    }

    private static double Deviation(double[] potentials, double[] logSums, double[] weights)
    {
        double deviation = 0;
        for (int i = 0; i < weights.Length; i++) deviation += Math.Abs(Math.Exp(potentials[i] + logSums[i]) - weights[i]);
        return deviation;
    }
}
