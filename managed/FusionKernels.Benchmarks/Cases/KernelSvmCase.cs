using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Support vector machines of ten classes on a ready float64 Gram matrix of 4000 rows, C = 10: the 45 machines, without probabilities.</summary>
internal sealed class KernelSvmCase : BenchCase
{
    /// <summary>Classes.</summary>
    public const int Classes = 10;

    /// <summary>Pairs of classes: columns of the decisions that are compared, of as many rows.</summary>
    public const int Pairs = Classes * (Classes - 1) / 2;

    private const int SmallRows = 100;

    private const int Features = 20;

    private readonly KernelSvmOptions _options;
    private readonly Tensor<double> _gram;
    private readonly Lazy<Tensor<double>> _reference;
    private Tensor<double>? _decisions;
    private KernelSvm? _machines;

    /// <summary>Draws classes that overlap.</summary>
    public KernelSvmCase(DeviceSession session, int threads)
        : this(threads, session.Fit(60, 4000, [], isDouble: true, _ => 0, _ => 0))
    {
    }

    private KernelSvmCase(int threads, int rows)
    {
        Rows = rows;
        Labels = [.. Enumerable.Range(0, Rows).Select(row => row % Classes)];
        float[] noise = Samples.Uniform<float>(Rows, Features, seed: 13), centres = Samples.Uniform<float>(Classes, Features, seed: 14);
        double[] values = [.. noise.Select((value, at) => (0.9 * centres[(Labels[at / Features] * Features) + (at % Features)]) + (1.6 * value))];
        _gram = Gram.Compute(Tensor.Create(values, [Rows, Features]), Kernel.Rbf(1.0 / (2 * Features)));
        _options = new() { Cost = 10, Threads = threads };
        _machines = KernelSvm.Fit(_gram, Labels, _options);
        double steps = _machines.Iterations;
        Work = new(8 * steps * Rows * 2 / Classes, 0, 8.0 * Rows * Rows, 8.0 * Rows * Pairs, Rows: Rows);
        _reference = new(() => DecisionsOf(KernelSvm.Fit(_gram, Labels, _options with { Tolerance = 1e-7 })));
    }

    /// <summary>100 rows: what one call costs.</summary>
    public static KernelSvmCase Small(int threads) => new(threads, SmallRows);

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>By row: 0 to 9, in turn.</summary>
    public int[] Labels { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Rows} x {Rows}, {Classes} classes";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor => false;

    /// <summary>The Gram matrix, row by row.</summary>
    public double[] Elements() => Samples.Elements(_gram);

    /// <inheritdoc/>
    public override void Run()
    {
        _machines = KernelSvm.Fit(_gram, Labels, _options);
        _decisions = null;
    }

    /// <summary>The decision of a pair's machine for a row, as the search ends where a millionth of its tolerance is left.</summary>
    public double Reference(int row, int pair) => _reference.Value[row, pair];

    /// <inheritdoc/>
    public override double MaxError()
    {
        _decisions ??= DecisionsOf(_machines!);
        return Samples.MaxError(Math.Min(Pairs, Rows), Pairs, (row, pair) => _decisions[row, pair], Reference);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private Tensor<double> DecisionsOf(KernelSvm machines) => machines.DecisionValues(_gram[..Math.Min(Pairs, Rows), ..]);
}
