using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What labels have spread to.</summary>
/// <param name="Classes">The labels that were given, ascending: the columns of the scores.</param>
/// <param name="Scores">nodes x classes, 0 or more up to the tolerance of the solve; 0 where no path leads from a labelled node.</param>
/// <param name="Labels">By node: the class of the largest score, of equal ones the lower; -1 where no labelled node is reached.</param>
/// <param name="Weights">By graph: its weight.</param>
/// <param name="Roughness">By graph: tr(Fᵀ L F) / |F|² of the scores over its nodes.</param>
/// <param name="Rounds">Rounds of scores and weights.</param>
/// <param name="Converged">Whether the weights had settled and every solve met the tolerance.</param>
public sealed record LabelPropagationResult(
    IReadOnlyList<int> Classes, Tensor<double> Scores, IReadOnlyList<int> Labels, IReadOnlyList<double> Weights, IReadOnlyList<double> Roughness, int Rounds, bool Converged);
