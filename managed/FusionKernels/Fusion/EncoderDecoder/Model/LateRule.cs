namespace FusionKernels;

/// <summary>How the decisions of views become one; S stands for the views that are present in a row.</summary>
public enum LateRule
{
    /// <summary>The mean of the probabilities over S, or of the values.</summary>
    SoftVote,

    /// <summary>The product of the probabilities over S, each prior counted once: what independent views would say together. Classes only.</summary>
    LogOpinion,

    /// <summary>The class that most of S name; of equal ones, the likelier by soft vote. Classes only.</summary>
    HardVote,

    /// <summary>
    /// Logistic regression on the probabilities of S, fitted to out-of-fold probabilities of the training rows that have S (Wolpert 1992). Of targets:
    /// non-negative least squares on the out-of-fold values of S around the mean (Breiman 1996), output by output.
    /// </summary>
    Stacking,

    /// <summary>Dempster's rule on probabilities that are discounted by each view's out-of-fold accuracy (Shafer 1976); uncertainty is what stays with all classes. Classes only.</summary>
    Evidential,
}
