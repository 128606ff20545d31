using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What conjugate gradients reached.</summary>
/// <param name="Solution">rows x width, or a vector where b was one.</param>
/// <param name="RelativeResiduals">By right-hand side: |b - (K + ridge I) x| / |b|, computed anew at the end; 0 where b is 0.</param>
/// <param name="Iterations">By right-hand side: iterations.</param>
/// <param name="Converged">Whether every relative residual is within the tolerance. In float32 the products' own roundings bound what can be reached.</param>
public sealed record ConjugateGradientsResult(
    Tensor<double> Solution, IReadOnlyList<double> RelativeResiduals, IReadOnlyList<int> Iterations, bool Converged);
