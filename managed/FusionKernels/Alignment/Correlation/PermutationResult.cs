namespace FusionKernels;

/// <summary>A stepwise permutation test of canonical correlations.</summary>
/// <param name="Permutations">Permutations, the data as they are among them.</param>
/// <param name="P">Per component, the share of permutations in which what is left from this component on correlates as much: 1 / permutations at least.</param>
/// <param name="FamilyWiseP">Per component, the largest p-value up to it, which holds the error of the whole family (closed testing, Winkler et al. 2020, section 2.5).</param>
public sealed record PermutationResult(int Permutations, IReadOnlyList<double> P, IReadOnlyList<double> FamilyWiseP);
