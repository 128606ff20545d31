using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>x of 0 or more that brings A x closest to b.</summary>
/// <param name="Solution">columns x width, or a vector of columns elements where b was one; of a batch items x columns x width.</param>
/// <param name="Norms">By right-hand side: |A x - b|; of a batch item by item.</param>
/// <param name="KktResidual">
/// How far the conditions of optimality are missed: the largest component of Aᵀ(b - A x) above 0, and its largest magnitude where x
/// is above 0, relative to the lengths of the column and of b; about 1e-15 where A is well conditioned.
/// </param>
/// <param name="Steps">Steps that were taken, over all right-hand sides.</param>
public sealed record NonNegativeLeastSquaresResult(Tensor<double> Solution, IReadOnlyList<double> Norms, double KktResidual, int Steps);
