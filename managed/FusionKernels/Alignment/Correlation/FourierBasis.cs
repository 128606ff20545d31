using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Random Fourier features: cosines and sines of projections of a row.</summary>
/// <param name="features">The frequencies.</param>
/// <param name="width">Features of a row of the input.</param>
/// <param name="engine">The host.</param>
internal sealed class FourierBasis<T>(FourierFeatures features, int width, HostEngine engine) : KernelBasis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override int Size => features.Size;

    /// <inheritdoc/>
    public override void Require(Tensor<T> input, string name)
    {
        if (input.Rank != 2 || input.Lengths[1] != width) throw new ArgumentException($"'{name}' is {Shape.Of(input.Lengths)}; fitted to {width} features, it must be rows x {width}", name);
    }

    /// <inheritdoc/>
    public override DenseMatrix Evaluate(Tensor<T> input, int row, int rows, GramOptions options)
    {
        DenseMatrix chunk = DenseMatrix.Of(Slice(input, row, rows).AsReadOnlyTensorSpan().AsMatrix(nameof(input)));
        int wrong = Array.FindIndex(chunk.Elements, value => !double.IsFinite(value));
        if (wrong >= 0) throw new ArgumentException($"row {row + (wrong / width)}, feature {wrong % width} is not a finite number: remove the row", nameof(input));
        return features.Evaluate(engine, chunk, new("FourierFeatures", options.Threads, Cancellation: options.Cancellation));
    }
}
