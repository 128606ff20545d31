using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>
/// One epoch of deep canonical correlation of two float32 views, as wide as the handwritten digits' profile correlations and Fourier
/// coefficients, in batches of 400 rows: loss, gradients, steps of Adam too small to be seen.
/// </summary>
internal sealed class DeepCorrelationCase : BenchCase
{
    /// <summary>Features of the common space.</summary>
    public const int Components = 10;

    /// <summary>What is added to the diagonal of the covariances.</summary>
    public const double Ridge = 1e-4;

    private readonly Tape<float> _tape;
    private readonly Optimizer<float> _optimizer;
    private readonly DenseLayers<float>[] _towers;
    private readonly Tensor<float>[] _views;
    private readonly int[] _rows;
    private readonly Lazy<double[]> _reference;

    /// <summary>Makes networks and rows.</summary>
    public DeepCorrelationCase(DeviceSession session, int threads)
    {
        (Rows, Batch, int hidden) = session.IsTiny ? (400, 200, 32) : (2000, 400, 512);
        Widths = session.IsTiny ? [[24, hidden, Components], [20, hidden, Components]] : [[216, hidden, Components], [76, hidden, Components]];
        Parameters = new(seed: 1);
        _towers = [.. Enumerable.Range(0, 2).Select(view => new DenseLayers<float>(Parameters.In(Towers[view]), Widths[view], Activation.Tanh))];
        _optimizer = new(Parameters, new Adam { LearningRate = PerceptronCase.LearningRate });
        _tape = new(session.Device, threads) { IsTraining = true };
        Views = [.. Enumerable.Range(0, 2).Select(view => Samples.Uniform<float>(Rows, Widths[view][0], 7 + view))];
        _views = [.. Enumerable.Range(0, 2).Select(view => Tensor.Create(Views[view], [Rows, Widths[view][0]]))];
        _rows = [.. Enumerable.Range(0, Rows)];
        _reference = new(ComputeReference);
        double weights = Widths.Sum(widths => (double)(widths[0] + widths[2]) * widths[1]), first = Widths.Sum(widths => (double)widths[0] * widths[1]);
        Work = new(2 * Rows * ((3 * weights) - first), 0, 4 * ((Rows / Batch * 4 * weights) + Views.Sum(view => view.Length)), 12 * weights, Rows: Rows);
    }

    /// <summary>The views' names among the parameters.</summary>
    public static string[] Towers { get; } = ["x", "y"];

    /// <summary>Rows of the views.</summary>
    public int Rows { get; }

    /// <summary>Rows of a batch.</summary>
    public int Batch { get; }

    /// <summary>Features from layer to layer of each view.</summary>
    public int[][] Widths { get; }

    /// <summary>The views.</summary>
    public float[][] Views { get; }

    /// <summary>The networks' parameters.</summary>
    public ParameterSet<float> Parameters { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Rows} rows of {Widths[0][0]} and {Widths[1][0]}, {Widths[0][1]} hidden, batch {Batch}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        for (int first = 0; first < Rows; first += Batch)
        {
            Step(_tape, _towers, _views, _rows.AsSpan(first, Batch));
            _optimizer.Step(_tape);
        }
    }

    /// <inheritdoc/>
    public override double MaxError()
    {
        Tensor<float> gradient = _towers[0].Layers[^1].Weight.ReadGradient();
        return Samples.MaxError(Components, Widths[0][1], (row, column) => gradient[row, column], Reference);
    }

    /// <summary>The gradient of a weight of the first view's last layer in the last batch, in float64.</summary>
    public double Reference(int output, int input) => _reference.Value[(output * Widths[0][1]) + input];

    /// <inheritdoc/>
    public override void Dispose() => _tape.Dispose();

    private static void Step<T>(Tape<T> tape, DenseLayers<T>[] towers, Tensor<T>[] views, ReadOnlySpan<int> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        tape.Clear();
        tape.Backward(Loss.CanonicalCorrelation(towers[0].Forward(tape.Rows(views[0], rows)), towers[1].Forward(tape.Rows(views[1], rows)), new() { Ridge = Ridge }));
    }

    /// <summary>The last step on a tape in float64, whose gradients the tests hold against differences.</summary>
    private double[] ComputeReference()
    {
        ParameterSet<double> parameters = new(seed: 1);
        DenseLayers<double>[] towers = [.. Enumerable.Range(0, 2).Select(view => new DenseLayers<double>(parameters.In(Towers[view]), Widths[view], Activation.Tanh))];
        foreach (Parameter<double> parameter in parameters.All) parameter.Write(Samples.Wide(Parameters[parameter.Name].Read()));
        using Tape<double> tape = new(ComputeDevice.Open("host"));
        Step(tape, towers, [.. _views.Select(Samples.Wide)], _rows.AsSpan(Rows - Batch));
        return Samples.Elements(towers[0].Layers[^1].Weight.ReadGradient());
    }
}
