namespace FusionKernels;

/// <summary>Fuses views by their decisions: a kernel model of each view, calibrated, and a rule that makes one decision of those of the present views.</summary>
/// <remarks>
/// Each view's model learns from the rows in which it is present, and is asked only there; a row without any view is predicted as the
/// prior, or as the mean of the targets. Temperatures, stacking and discounts learn from out-of-fold predictions alone, so that nothing leaks
/// from a row's own label. Targets take soft vote, the mean of the views' predictions, or stacking; the other rules are defined over classes
/// only. Cost: (folds + 1) fits of every view; of a mean of targets, one. Deterministic.
/// </remarks>
public static class LateFusion
{
    /// <summary>Fits a model to every view, and the rule.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="options">Rule, base models, folds; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets; a rule other than soft vote and stacking meets targets; a class has too few rows to hold some out; a present value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds, or the cost is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static LateFusionModel Fit(Views views, LateFusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        return Fit(views, options ?? new(), LateBase.Fit);
    }

    /// <summary>The same, with the base models of whoever fits or keeps them.</summary>
    internal static LateFusionModel Fit(Views views, LateFusionOptions options, Func<Views, LateFusionOptions, LateBase> fitted)
    {
        if (!(options.StackingCost > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.StackingCost, $"{nameof(LateFusionOptions.StackingCost)} must be above 0");
        if (views.Labels is null)
        {
            _ = views.RequireTargets();
            if (options.Rule is not (LateRule.SoftVote or LateRule.Stacking)) throw FusionModel.ClassesOnly(NameOf(options.Rule));
        }

        return FusionExecution.Run(
            options,
            "LateFusion.Fit",
            views.IsFloat64,
            hasKernel: true,
            told => new LateFusionModel(views, options, fitted(views, told!)),
            _ => $"{NameOf(options.Rule)}: models of {views.Count} views of {views.Rows} rows, and of its folds");
    }

    /// <summary>The name of a rule among strategies.</summary>
    internal static string NameOf(LateRule rule) => rule switch
    {
        LateRule.SoftVote => "soft-vote",
        LateRule.LogOpinion => "log-opinion",
        LateRule.HardVote => "hard-vote",
        LateRule.Stacking => "stacking",
        _ => "evidential",
    };
}
