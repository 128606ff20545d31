namespace FusionKernels;

/// <summary>Fuses views by their decisions: a kernel model of each view, calibrated, and a rule that makes one decision of those of the present views.</summary>
/// <remarks>
/// Each view's model learns from the rows in which it is present, and is asked only there; a row without any view is predicted as the
/// prior. Temperatures, stacking and discounts learn from out-of-fold probabilities alone, so that nothing leaks from a row's own label.
/// Targets take the mean of the views' predictions. Cost: (folds + 1) fits of every view. Deterministic.
/// </remarks>
public static class LateFusion
{
    /// <summary>Fits a model to every view, and the rule.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="options">Rule, base models, folds; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets; a rule other than soft vote meets targets; a class has too few rows to hold some out; a present value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds, or the cost is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static LateFusionModel Fit(Views views, LateFusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        return Fit(views, options, LateBase.Fit(views, options));
    }

    /// <summary>Fits the rule to base models that are there.</summary>
    internal static LateFusionModel Fit(Views views, LateFusionOptions options, LateBase fitted)
    {
        if (!(options.StackingCost > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.StackingCost, $"{nameof(LateFusionOptions.StackingCost)} must be above 0");
        if (views.Labels is null && options.Rule != LateRule.SoftVote) throw new ArgumentException($"{options.Rule} combines classes: the views have targets; take SoftVote");
        return new(views, options, fitted);
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
