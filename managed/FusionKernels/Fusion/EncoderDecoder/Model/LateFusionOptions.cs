namespace FusionKernels;

/// <summary>How <see cref="LateFusion"/> is fitted.</summary>
public sealed record class LateFusionOptions : ExecutionOptions
{
    /// <summary>How decisions become one. Soft vote by default.</summary>
    public LateRule Rule { get; init; } = LateRule.SoftVote;

    /// <summary>How the model of each view is fitted: kernels, learner, scaling; its weighting is not read. Null for the defaults.</summary>
    public KernelFusionOptions? Base { get; init; }

    /// <summary>Folds of the out-of-fold predictions, 2 or more; group-disjoint where the views have groups. Null, the default: 5, or as many as there are groups where those are fewer.</summary>
    public int? Folds { get; init; }

    /// <summary>What the folds follow from. 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>Whether each view's probabilities are calibrated by a temperature first. True by default.</summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>C of stacking's logistic regression, above 0; not read for targets. 1 by default.</summary>
    public double StackingCost { get; init; } = 1;
}
