using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>The kernel against some training rows, or all.</summary>
/// <param name="landmarks">The rows, a copy.</param>
/// <param name="kernel">The kernel.</param>
internal sealed class LandmarkBasis<T>(Tensor<T> landmarks, Kernel kernel) : KernelBasis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override int Size => (int)landmarks.Lengths[0];

    /// <inheritdoc/>
    public override void Require(Tensor<T> input, string name)
    {
        if (input.Rank != 2 || input.Lengths[1] != landmarks.Lengths[1]) throw new ArgumentException($"'{name}' is {Shape.Of(input.Lengths)}; fitted to {landmarks.Lengths[1]} features, it must be rows x {landmarks.Lengths[1]}", name);
    }

    /// <inheritdoc/>
    public override DenseMatrix Evaluate(Tensor<T> input, int row, int rows, GramOptions options) =>
        DenseMatrix.Of(Gram.Compute(Slice(input, row, rows), landmarks, kernel, options).AsReadOnlyTensorSpan().AsMatrix(nameof(input)));
}
