using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>ALIGNF weights of twenty float32 Gram matrices of 4000 rows and ten classes.</summary>
internal sealed class AlignmentCase : BenchCase
{
    /// <summary>Classes; row i is of class i modulo their number.</summary>
    public const int Classes = 10;

    private const int Features = 6;

    private readonly KernelWeightsOptions _options;
    private readonly int[] _labels;
    private readonly Lazy<double[]> _reference;
    private double[] _weights = [];

    /// <summary>Draws the views, of which later ones say less.</summary>
    public AlignmentCase(DeviceSession session, int threads)
    {
        Rows = session.Fit(60, 4000, [], isDouble: false, _ => 0, _ => 0);
        _options = new() { Threads = threads };
        _labels = [.. Enumerable.Range(0, Rows).Select(row => row % Classes)];
        Grams = [.. Enumerable.Range(0, Kernels).Select(View)];
        double elements = (double)Rows * Rows;
        Work = new(elements * Kernels * (Kernels + 1), 0, 4 * elements * Kernels, 0);
        _reference = new(() => [.. KernelWeights.AlignF([.. Grams.Select(gram => Tensor.ConvertTruncating<float, double>(gram))], _labels).Weights]);
    }

    /// <summary>Matrices.</summary>
    public int Kernels { get; } = 20;

    /// <summary>Rows of each.</summary>
    public int Rows { get; }

    /// <summary>The matrices.</summary>
    public Tensor<float>[] Grams { get; }

    /// <summary>rows x classes: 1 in the class of a row.</summary>
    public float[] Indicators => [.. Enumerable.Range(0, Rows * Classes).Select(at => _labels[at / Classes] == at % Classes ? 1f : 0)];

    /// <inheritdoc/>
    public override string Shape => $"{Kernels} of {Rows} x {Rows}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor => false;

    /// <inheritdoc/>
    public override void Run() => _weights = [.. KernelWeights.AlignF(Grams, _labels, _options).Weights];

    /// <summary>The weight of a matrix, of its values in float64.</summary>
    public double Reference(int row, int column) => _reference.Value[column];

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(1, Kernels, (_, column) => _weights[column], Reference);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private Tensor<float> View(int view)
    {
        float[] noise = Samples.Uniform<float>(Rows, Features, seed: 20 + view), centres = Samples.Uniform<float>(Classes, Features, seed: 60 + view);
        float[] values = [.. noise.Select((value, at) => (centres[(_labels[at / Features] * Features) + (at % Features)] / (1 + view)) + value)];
        return Gram.Compute(Tensor.Create(values, [Rows, Features]), Kernel.Rbf(1.0 / Features));
    }
}
