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

    /// <inheritdoc/>
    public override void Write(NpzWriter file, string side)
    {
        DenseMatrix frequencies = features.Frequencies;
        file.Add(FrequenciesOf(side), Tensor.Create(frequencies.Elements, [frequencies.Rows, frequencies.Columns]));
        file.Add(ScaleOf(side), Tensor.Create([features.Scale], [1]));
    }

    /// <inheritdoc cref="KernelBasis{T}.Read"/>
    public static FourierBasis<T> Read(ModelArchive file, string side)
    {
        IReadOnlyList<long> shape = file.ShapeOf(FrequenciesOf(side), 2);
        if (shape[0] is < 1 or > int.MaxValue || shape[1] is < 1 or > int.MaxValue / 2) throw file.Error(FrequenciesOf(side), "features x frequencies", string.Join(" x ", shape));
        double scale = file.Numbers(ScaleOf(side), 1)[0];
        if (scale < 0) throw file.Error(ScaleOf(side), "a number of 0 or more", $"{scale}");
        DenseMatrix frequencies = new((int)shape[0], (int)shape[1], file.Numbers(FrequenciesOf(side), shape[0], shape[1]));
        return new(new FourierFeatures(frequencies, scale), frequencies.Rows, HostExecution.EngineBeside(null));
    }

    private static string FrequenciesOf(string side) => $"{side}.frequencies";

    private static string ScaleOf(string side) => $"{side}.scale";
}
