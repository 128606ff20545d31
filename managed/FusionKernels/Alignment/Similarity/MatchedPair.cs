namespace FusionKernels;

/// <summary>A row of one set and the row of the other that it is matched with.</summary>
/// <param name="A">The row of a.</param>
/// <param name="B">The row of b.</param>
/// <param name="Similarity">How similar they are.</param>
public readonly record struct MatchedPair(int A, int B, double Similarity);
