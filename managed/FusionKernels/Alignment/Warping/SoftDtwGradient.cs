using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A value with its derivatives with respect to both series.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="X">Its gradient with respect to x, of the shape of x.</param>
/// <param name="Y">Its gradient with respect to y, of the shape of y.</param>
public sealed record SoftDtwGradient<T>(T Value, Tensor<T> X, Tensor<T> Y)
    where T : unmanaged;
