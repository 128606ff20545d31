using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Weights of kernels, and what they were made from.</summary>
/// <param name="Weights">By kernel: 0 or more; they add up to 1.</param>
/// <param name="Alignments">By kernel: its centred alignment with the targets, -1 to 1; empty where the method does not compute it.</param>
/// <param name="PerClass">classes x kernels: the weights of each class against the others, where the method has them; null otherwise.</param>
/// <param name="Objective">The alignment of the weighted sum (ALIGN, ALIGNF) or the objective of the machines or of ridge regression (SimpleMKL); NaN otherwise.</param>
/// <param name="Descents">Descents of SimpleMKL; 0 otherwise.</param>
public sealed record KernelWeightsResult(
    IReadOnlyList<double> Weights, IReadOnlyList<double> Alignments, Tensor<double>? PerClass, double Objective, int Descents);
