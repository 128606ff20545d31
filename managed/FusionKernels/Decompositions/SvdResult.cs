using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A = U diag(Values) Vᵀ.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="U">rows x values, or rows x rows: orthonormal columns, the entry of largest magnitude of each positive; null where no vectors were wanted.</param>
/// <param name="Values">The largest singular values, descending.</param>
/// <param name="V">columns x values, or columns x columns; null where no vectors were wanted.</param>
/// <param name="Route">How they were found and why, in words.</param>
public sealed record SvdResult<T>(Tensor<T>? U, Tensor<T> Values, Tensor<T>? V, string Route)
    where T : unmanaged;
