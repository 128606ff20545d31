namespace FusionKernels;

/// <summary>Retrieval between two sets, in both directions.</summary>
/// <param name="AToB">The rows of a ask, those of b are found.</param>
/// <param name="BToA">The rows of b ask, those of a are found.</param>
public sealed record RetrievalResult(RetrievalScores AToB, RetrievalScores BToA);
