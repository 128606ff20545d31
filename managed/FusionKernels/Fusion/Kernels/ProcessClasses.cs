namespace FusionKernels;

/// <summary>How a <see cref="GaussianProcessClassifier"/> takes more than two classes.</summary>
public enum ProcessClasses
{
    /// <summary>One function for each class and a softmax over them (Rasmussen and Williams 2006, algorithm 3.3). The default.</summary>
    Softmax,

    /// <summary>A process of two classes for each class against the others; their probabilities are scaled to add up to 1. A few times as fast.</summary>
    OneAgainstOthers,
}
