using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Gradients of a loss with respect to everything that attention read.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Query">The shape of the queries.</param>
/// <param name="Key">The shape of the keys.</param>
/// <param name="Value">The shape of the values.</param>
/// <param name="Bias">The shape of the bias, summed over what repeats it; null where there is no bias.</param>
public sealed record class AttentionGradients<T>(Tensor<T> Query, Tensor<T> Key, Tensor<T> Value, Tensor<T>? Bias)
    where T : unmanaged;
