using MathNet.Numerics;

namespace FusionKernels;

/// <summary>Tests of canonical correlations under normality, on all of them whatever number of components is kept.</summary>
/// <remarks>
/// With n rows and ranks p and q. Step k of a list asks whether correlations k, k + 1, ... (from 0) are all 0. P-values are upper
/// tails that keep their digits however small they are. Immutable and thread-safe.
/// </remarks>
public sealed class CanonicalSignificance
{
    private readonly double[] _correlations;
    private readonly double _n;
    private readonly double _p;
    private readonly double _q;

    internal CanonicalSignificance(double[] correlations, long rows, int rankX, int rankY)
    {
        _correlations = correlations;
        (_n, _p, _q) = (rows, rankX, rankY);
        (Rows, XRank, YRank) = (rows, rankX, rankY);
        double[] logarithms = LogLambdas();
        Wilks = [.. logarithms.Select(Rao)];
        Bartlett = [.. logarithms.Select((log, k) => ChiSquare(-BartlettFactor * log, k))];
        Lawley = [.. logarithms.Select((log, k) => ChiSquare(log == 0 ? 0 : -LawleyFactor(k) * log, k))];
        Pillai = PillaiTest();
        HotellingLawley = HotellingLawleyTest();
        Roy = RoyTest();
    }

    /// <summary>Rows n.</summary>
    public long Rows { get; }

    /// <summary>Rank p of the first view.</summary>
    public int XRank { get; }

    /// <summary>Rank q of the second view.</summary>
    public int YRank { get; }

    /// <summary>Wilks's lambda of every step, the product of 1 - r^2, with Rao's F (Rao 1951), as in SAS and R.</summary>
    public IReadOnlyList<CorrelationTest> Wilks { get; }

    /// <summary>Bartlett's chi-square of every step: -(n - 1 - (p + q + 1) / 2) ln lambda (Bartlett 1941).</summary>
    public IReadOnlyList<ChiSquareTest> Bartlett { get; }

    /// <summary>Lawley's correction of it: -(n - 1 - k - (p + q + 1) / 2 + sum over the k larger correlations of 1 / r^2) ln lambda (Lawley 1959).</summary>
    public IReadOnlyList<ChiSquareTest> Lawley { get; }

    /// <summary>Pillai's trace of all correlations, the sum of r^2.</summary>
    public CorrelationTest Pillai { get; }

    /// <summary>The trace of Hotelling and Lawley, the sum of r^2 / (1 - r^2), with McKeon's F (1974), as SAS prints it; with Pillai's F where n - p - q is 4 or less.</summary>
    public CorrelationTest HotellingLawley { get; }

    /// <summary>Roy's largest root, r^2 / (1 - r^2) of the largest r; F is an upper bound, P a lower one.</summary>
    public CorrelationTest Roy { get; }

    private double BartlettFactor => _n - 1 - ((_p + _q + 1) / 2);

    private double LawleyFactor(int removed)
    {
        double sum = 0;
        for (int i = 0; i < removed; i++) sum += 1 / (_correlations[i] * _correlations[i]);
        return BartlettFactor - removed + sum;
    }

    /// <summary>ln of the product of 1 - r^2 from each correlation on.</summary>
    private double[] LogLambdas()
    {
        double[] result = new double[_correlations.Length];
        double sum = 0;
        for (int i = result.Length - 1; i >= 0; i--) result[i] = sum += Math.Log((1 - _correlations[i]) * (1 + _correlations[i]));
        return result;
    }

    private CorrelationTest Rao(double logLambda, int removed)
    {
        double p = _p - removed, q = _q - removed, squares = (p * p) + (q * q) - 5;
        double root = squares > 0 ? Math.Sqrt(((p * p * q * q) - 4) / squares) : 1;
        double df1 = p * q, df2 = (BartlettFactor * root) - (df1 / 2) + 1;
        return WithF(Math.Exp(logLambda), Math.Exp(-logLambda / root) - 1, df1, df2);
    }

    private CorrelationTest PillaiTest()
    {
        double value = _correlations.Sum(r => r * r), s = Math.Min(_p, _q);
        return WithF(value, value / (s - value), s * Math.Max(_p, _q), s * (_n - 1 - Math.Max(_p, _q)));
    }

    private CorrelationTest HotellingLawleyTest()
    {
        double value = _correlations.Sum(r => r * r / ((1 - r) * (1 + r))), df1 = _p * _q, half = (_n - _p - _q - 2) / 2;
        double s = Math.Min(_p, _q);
        if (half <= 1) return WithF(value, value / s, df1, 2 * ((s * half) + 1));
        double b = (_p + (2 * half)) * (_q + (2 * half)) / (2 * ((2 * half) + 1) * (half - 1));
        double df2 = 4 + ((df1 + 2) / (b - 1)), c = (df2 - 2) / (2 * half);
        return WithF(value, value / c, df1, df2);
    }

    private CorrelationTest RoyTest()
    {
        double r = _correlations.Length == 0 ? 0 : _correlations[0], value = r * r / ((1 - r) * (1 + r)), df1 = Math.Max(_p, _q);
        return WithF(value, value, df1, _n - 1 - df1);
    }

    /// <summary>F = ratio df2 / df1 and its upper tail.</summary>
    private static CorrelationTest WithF(double value, double ratio, double df1, double df2)
    {
        if (!(df2 > 0)) return new(value, 0, df1, 0, 1);
        double f = Math.Max(0, ratio * df2 / df1);
        // The upper tail of F as a lower one of Beta: no difference from 1 that would lose it.
        double p = double.IsPositiveInfinity(ratio) ? 0 : SpecialFunctions.BetaRegularized(df2 / 2, df1 / 2, 1 / (1 + Math.Max(0, ratio)));
        return new(value, f, df1, df2, p);
    }

    private ChiSquareTest ChiSquare(double value, int removed)
    {
        double df = (_p - removed) * (_q - removed), statistic = Math.Max(0, value);
        return new(statistic, df, double.IsPositiveInfinity(statistic) ? 0 : SpecialFunctions.GammaUpperRegularized(df / 2, statistic / 2));
    }
}
