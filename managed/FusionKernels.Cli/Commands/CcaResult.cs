using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>What <c>cca</c> tells.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="FeaturesX">Columns of the first view.</param>
/// <param name="FeaturesY">Columns of the second view.</param>
/// <param name="Correlations">All correlations, in descending order.</param>
/// <param name="Components">Components that are kept.</param>
/// <param name="Rank">The lower of the numerical ranks.</param>
/// <param name="Route">How it was computed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Condition">Of each view, x and y.</param>
/// <param name="Wilks">Wilks's lambda with Rao's F per step; null where tests have no meaning.</param>
/// <param name="Bartlett">Bartlett's chi-square per step.</param>
/// <param name="Lawley">Lawley's correction of it per step.</param>
/// <param name="Pillai">Pillai's trace.</param>
/// <param name="HotellingLawley">The trace of Hotelling and Lawley.</param>
/// <param name="Roy">Roy's largest root.</param>
/// <param name="Note">Why there are no tests; null where there are.</param>
/// <param name="Permutation">The permutation test; null where none was asked for.</param>
/// <param name="XWeights">Features x components.</param>
/// <param name="YWeights">Features x components.</param>
/// <param name="XLoadings">Features x components.</param>
/// <param name="YLoadings">Features x components.</param>
/// <param name="RedundancyX">Per component, the share of x that the other view's variate explains.</param>
/// <param name="RedundancyY">Per component, the share of y.</param>
/// <param name="Device">The device that ran.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Seconds">Wall time of the fit.</param>
internal sealed record CcaResult(
    long Rows,
    int FeaturesX,
    int FeaturesY,
    IReadOnlyList<double> Correlations,
    int Components,
    int Rank,
    string Route,
    string Reason,
    CcaResult.PerView Condition,
    IReadOnlyList<CcaResult.WilksStep>? Wilks,
    IReadOnlyList<CcaResult.ChiSquareStep>? Bartlett,
    IReadOnlyList<CcaResult.ChiSquareStep>? Lawley,
    CorrelationTest? Pillai,
    CorrelationTest? HotellingLawley,
    CorrelationTest? Roy,
    string? Note,
    PermutationResult? Permutation,
    double[][] XWeights,
    double[][] YWeights,
    double[][] XLoadings,
    double[][] YLoadings,
    IReadOnlyList<double> RedundancyX,
    IReadOnlyList<double> RedundancyY,
    string Device,
    string Precision,
    double Seconds)
{
    /// <summary>A number of each view.</summary>
    internal sealed record PerView(double X, double Y);

    /// <summary>One step of Wilks's test.</summary>
    internal sealed record WilksStep(double Lambda, double F, double Df1, double Df2, double P);

    /// <summary>One step of a chi-square test.</summary>
    internal sealed record ChiSquareStep(double Chi2, double Df, double P);

    /// <summary>The result of a fit.</summary>
    public static CcaResult Of(CanonicalCorrelation model, PermutationResult? permutation, string device, string precision, double seconds) => new(
        model.Rows,
        model.XFeatures,
        model.YFeatures,
        model.Correlations,
        model.Components,
        model.Rank,
        model.Route.ToString(),
        model.RouteReason,
        new(model.XCondition, model.YCondition),
        model.Significance?.Wilks.Select(test => new WilksStep(test.Value, test.F, test.Df1, test.Df2, test.P)).ToArray(),
        model.Significance?.Bartlett.Select(Step).ToArray(),
        model.Significance?.Lawley.Select(Step).ToArray(),
        model.Significance?.Pillai,
        model.Significance?.HotellingLawley,
        model.Significance?.Roy,
        model.SignificanceNote,
        permutation,
        RowsOf(model.XWeights),
        RowsOf(model.YWeights),
        RowsOf(model.XLoadings),
        RowsOf(model.YLoadings),
        model.XRedundancy,
        model.YRedundancy,
        device,
        precision,
        seconds);

    private static ChiSquareStep Step(ChiSquareTest test) => new(test.ChiSquare, test.Df, test.P);

    private static double[][] RowsOf(Tensor<double> matrix)
    {
        double[][] rows = new double[matrix.Lengths[0]][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[matrix.Lengths[1]];
            for (int k = 0; k < rows[i].Length; k++) rows[i][k] = matrix[i, k];
        }

        return rows;
    }
}
