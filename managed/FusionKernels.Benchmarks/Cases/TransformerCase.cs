using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>A training step of a float32 transformer block with a mean squared error and Adam, at a rate too small to be seen, so that every run computes the same.</summary>
internal sealed class TransformerCase : BenchCase
{
    private readonly Tape<float> _tape;
    private readonly Optimizer<float> _optimizer;
    private readonly TransformerBlock<float> _block;
    private readonly Tensor<float> _x;
    private readonly Tensor<float> _target;
    private readonly Lazy<double[]> _reference;

    /// <summary>Makes block and sequences.</summary>
    public TransformerCase(DeviceSession session, int threads)
    {
        (Length, Features, Heads) = session.IsTiny ? (9, 16, 2) : (128, 256, 8);
        double item = 6.0 * Length * 12 * Features * Features;
        Items = session.Fit(2, 32, [32, 4, 1], isDouble: false, items => items * item, _ => 0);
        Parameters = new(seed: 1);
        _block = new(Parameters, Features, Heads);
        _optimizer = new(Parameters, new Adam { LearningRate = PerceptronCase.LearningRate });
        _tape = new(session.Device, threads) { IsTraining = true };
        X = Samples.Uniform<float>(Items * Length, Features, 7);
        Target = Samples.Uniform<float>(Items * Length, Features, 8);
        (_x, _target) = (Tensor.Create(X, [Items, Length, Features]), Tensor.Create(Target, [Items, Length, Features]));
        _reference = new(ComputeReference);
        double rows = (double)Items * Length, weights = 12.0 * Features * Features, pairs = rows * Length * Features;
        Work = new((2 * rows * weights * 3) + (4 * pairs) + (10 * pairs), rows * Length * Heads * 2, 4 * ((4 * weights) + (20 * rows * Features)), 4 * ((3 * weights) + (14 * rows * Features)), Rows: rows);
    }

    /// <summary>The block's parameters.</summary>
    public ParameterSet<float> Parameters { get; }

    /// <summary>Sequences.</summary>
    public int Items { get; }

    /// <summary>Places of a sequence.</summary>
    public int Length { get; }

    /// <summary>Features of a place.</summary>
    public int Features { get; }

    /// <summary>Heads.</summary>
    public int Heads { get; }

    /// <summary>The sequences.</summary>
    public float[] X { get; }

    /// <summary>What should come out.</summary>
    public float[] Target { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Items} x {Length} x {Features}, {Heads} heads";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        _tape.Clear();
        _tape.Backward(Loss.MeanSquaredError(_block.Forward(_tape.Constant(_x)), _tape.Constant(_target)));
        _optimizer.Step(_tape);
    }

    /// <inheritdoc/>
    public override double MaxError()
    {
        Tensor<float> gradient = Parameters["attention.query.weight"].ReadGradient();
        return Samples.MaxError(Features, Features, (row, column) => gradient[row, column], Reference);
    }

    /// <summary>The gradient of a weight of the queries' projection, which all other parts stand behind, in float64.</summary>
    public double Reference(int output, int input) => _reference.Value[(output * Features) + input];

    /// <inheritdoc/>
    public override void Dispose() => _tape.Dispose();

    /// <summary>The same step on a tape in float64, whose gradients the tests hold against differences.</summary>
    private double[] ComputeReference()
    {
        ParameterSet<double> parameters = new(seed: 1);
        TransformerBlock<double> block = new(parameters, Features, Heads);
        foreach (Parameter<double> parameter in parameters.All) parameter.Write(Samples.Wide(Parameters[parameter.Name].Read()));
        using Tape<double> tape = new(ComputeDevice.Open("host"));
        tape.Backward(Loss.MeanSquaredError(block.Forward(tape.Constant(Samples.Wide(_x))), tape.Constant(Samples.Wide(_target))));
        return Samples.Elements(parameters["attention.query.weight"].ReadGradient());
    }
}
