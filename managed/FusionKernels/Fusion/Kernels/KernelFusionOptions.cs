using System.Collections.Immutable;

namespace FusionKernels;

/// <summary>How <see cref="KernelFusion"/> is fitted.</summary>
public sealed record class KernelFusionOptions : ExecutionOptions
{
    /// <summary>How the kernels become one. Mean by default.</summary>
    public KernelWeighting Weighting { get; init; } = KernelWeighting.Mean;

    /// <summary>Weights by view instead, 0 or more, scaled to add up to 1; null to let <see cref="Weighting"/> decide.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }

    /// <summary>Kernels of vectors and images by view; those not named are <c>Rbf</c> with gamma 1 / median of the squared distances.</summary>
    public IReadOnlyDictionary<string, Kernel> Kernels { get; init; } = ImmutableDictionary<string, Kernel>.Empty;

    /// <summary>Whether <see cref="Kernels"/> are normalised, k(x, y) / sqrt(k(x, x) k(y, y)), so that views count by their weights and not by their lengths. True by default; default kernels and those of series are of length 1 as they are, ready Gram matrices are taken as they come.</summary>
    public bool Normalized { get; init; } = true;

    /// <summary>
    /// Whether each view's kernel, normalised, is centred in feature space by the training rows that have the view, before it is weighed and summed; new
    /// rows are centred by the same means. False by default. Not of products. A second evaluation of the kernels, none of it stored.
    /// </summary>
    public bool Centered { get; init; }

    /// <summary>The kernel of series. Global alignment by default.</summary>
    public SequenceKernel Sequences { get; init; } = SequenceKernel.GlobalAlignment;

    /// <summary>What becomes of features first. Scores of mean 0 and variance 1 by default.</summary>
    public ViewScaling Scaling { get; init; } = ViewScaling.ZScore;

    /// <summary>What learns from the fused matrix. By default machines for labels and ridge regression for targets.</summary>
    public KernelLearner Learner { get; init; } = KernelLearner.Default;

    /// <summary>C of the machines and of SimpleMKL. 10 by default.</summary>
    public double Cost { get; init; } = 10;

    /// <summary>Ridge of ridge regression, and of SimpleMKL for targets. 0.01 by default.</summary>
    public double Ridge { get; init; } = 1e-2;

    /// <summary>Whether the machines' probabilities are fitted. True by default; without, <see cref="FusionModel.PredictProbabilities"/> of machines throws.</summary>
    public bool Probabilities { get; init; } = true;

    /// <summary>EasyMKL's lambda. 0.1 by default.</summary>
    public double Lambda { get; init; } = 0.1;

    /// <summary>What becomes of rows that lack views. A learner of the views that they have, by default.</summary>
    public AbsentViews Absent { get; init; } = AbsentViews.Refit;

    /// <summary>
    /// Rows that all others are compared with in place of the whole Gram matrix (<see cref="Nystrom"/>), for more rows than its square fits; scalers,
    /// bandwidths and weights are then fitted to these rows alone. Null, the default, for the whole matrix. 
    /// </summary>
    public NystromOptions? Landmarks { get; init; }
}
