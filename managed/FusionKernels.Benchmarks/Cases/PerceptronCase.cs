using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>A training step of a float32 multi-layer perceptron with cross-entropy and Adam: loss, gradients, and a step too small to be seen, so that every run computes the same.</summary>
internal sealed class PerceptronCase : BenchCase
{
    /// <summary>A rate at which no weight changes in float32.</summary>
    public const double LearningRate = 1e-15;

    private readonly Tape<float> _tape;
    private readonly Optimizer<float> _optimizer;
    private readonly DenseLayers<float> _net;
    private readonly Tensor<float> _x;
    private readonly int[] _rows;
    private readonly Lazy<double[]> _reference;

    /// <summary>Makes network and rows.</summary>
    /// <param name="session">The device.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="widths">Features from layer to layer.</param>
    /// <param name="batch">Rows; a quarter of them on a slow accelerator.</param>
    public PerceptronCase(DeviceSession session, int threads, int[] widths, int batch)
    {
        Widths = session.IsTiny ? [24, 16, 10] : widths;
        double weights = Widths.Zip(Widths.Skip(1), (inputs, outputs) => (double)inputs * outputs).Sum(), first = (double)Widths[0] * Widths[1];
        Batch = session.Fit(16, batch, [batch, batch / 4], isDouble: false, rows => 6 * rows * weights, _ => 0);
        Parameters = new(seed: 1);
        _net = new(Parameters, Widths);
        _optimizer = new(Parameters, new Adam { LearningRate = LearningRate });
        _tape = new(session.Device, threads) { IsTraining = true };
        X = Samples.Uniform<float>(Batch, Widths[0], 7);
        _x = Tensor.Create(X, [Batch, Widths[0]]);
        _rows = [.. Enumerable.Range(0, Batch)];
        Labels = [.. _rows.Select(row => row % Widths[^1])];
        _reference = new(ComputeReference);
        Work = new((2 * Batch * ((3 * weights) - first)) + (12 * weights), 0, 4 * ((4 * weights) + X.Length), 4 * 3 * weights, Rows: Batch);
    }

    /// <summary>The network's parameters.</summary>
    public ParameterSet<float> Parameters { get; }

    /// <summary>Features from layer to layer.</summary>
    public int[] Widths { get; }

    /// <summary>Rows.</summary>
    public int Batch { get; }

    /// <summary>The rows.</summary>
    public float[] X { get; }

    /// <summary>Their classes.</summary>
    public int[] Labels { get; }

    /// <inheritdoc/>
    public override string Shape => $"{string.Join('-', Widths)}, batch {Batch}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        _tape.Clear();
        _tape.Backward(Loss.CrossEntropy(_net.Forward(_tape.Rows(_x, _rows)), Labels));
        _optimizer.Step(_tape);
    }

    /// <inheritdoc/>
    public override double MaxError()
    {
        Tensor<float> gradient = _net.Layers[^1].Weight.ReadGradient();
        return Samples.MaxError(Widths[^1], Widths[^1], (row, column) => gradient[row, column], Reference);
    }

    /// <summary>The gradient of a weight of the last layer, in float64.</summary>
    public double Reference(int output, int input) => _reference.Value[(output * Widths[^2]) + input];

    /// <inheritdoc/>
    public override void Dispose() => _tape.Dispose();

    private double[] ComputeReference()
    {
        double[] values = [.. X.Select(value => (double)value)], before = values;
        for (int layer = 0; layer < _net.Layers.Count; layer++)
        {
            (int inputs, int outputs) = (Widths[layer], Widths[layer + 1]);
            float[] weight = Samples.Elements(_net.Layers[layer].Weight.Read()), bias = Samples.Elements(_net.Layers[layer].Bias!.Read());
            double[] next = new double[Batch * outputs];
            for (int i = 0; i < Batch; i++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    double sum = bias[o];
                    for (int k = 0; k < inputs; k++) sum += values[(i * inputs) + k] * weight[(o * inputs) + k];
                    next[(i * outputs) + o] = layer + 1 < _net.Layers.Count ? Math.Max(0, sum) : sum;
                }
            }

            (before, values) = (values, next);
        }

        return GradientOfLast(before, values);
    }

    /// <summary>The sum over rows of (probabilities - label) and the inputs of the last layer.</summary>
    private double[] GradientOfLast(double[] inputs, double[] logits)
    {
        (int width, int classes) = (Widths[^2], Widths[^1]);
        double[] gradient = new double[classes * width];
        for (int i = 0; i < Batch; i++)
        {
            double[] row = logits[(i * classes)..((i + 1) * classes)];
            double largest = row.Max(), sum = row.Sum(logit => Math.Exp(logit - largest));
            for (int o = 0; o < classes; o++)
            {
                double slope = ((Math.Exp(row[o] - largest) / sum) - (Labels[i] == o ? 1 : 0)) / Batch;
                for (int k = 0; k < width; k++) gradient[(o * width) + k] += slope * inputs[(i * width) + k];
            }
        }

        return gradient;
    }
}
