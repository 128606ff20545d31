using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A = Q R of many matrices.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Q">items x rows x min(rows, columns), columns orthonormal.</param>
/// <param name="R">items x min(rows, columns) x columns, upper triangular, diagonals 0 or more.</param>
/// <param name="Route">How they were computed, in words.</param>
public sealed record QrBatchResult<T>(Tensor<T> Q, Tensor<T> R, string Route)
    where T : unmanaged;
