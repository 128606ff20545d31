using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Eigenvalues of a symmetric matrix, and their vectors.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Values">The largest eigenvalues, descending.</param>
/// <param name="Vectors">size x values: unit eigenvectors in columns, the entry of largest magnitude of each positive; null where none were wanted.</param>
/// <param name="Route">How they were found and why, in words.</param>
public sealed record SymmetricEigenResult<T>(Tensor<T> Values, Tensor<T>? Vectors, string Route)
    where T : unmanaged;
