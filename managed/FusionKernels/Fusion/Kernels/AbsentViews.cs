namespace FusionKernels;

/// <summary>What <see cref="KernelFusion"/> does with rows that lack views that the model knows.</summary>
public enum AbsentViews
{
    /// <summary>
    /// They are predicted by a learner of the views that they have, fitted to the training rows when such rows are first met, and kept.
    /// One fit for each set of present views. The default.
    /// </summary>
    Refit,

    /// <summary>They are predicted by the learner of all views, their kernels over the weights that they have. No further fit, and worse where much is absent: the kernels of few views scatter more than the mean of many that the learner knows.</summary>
    Rescale,
}
