using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;

namespace FusionKernels.Bench;

/// <summary>The mean of six RBF Gram matrices of 4000 rows, views as wide as those of the handwritten digits: in one pass, or as six matrices and their sum.</summary>
internal sealed class SixViewsCase : BenchCase
{
    private static readonly int[] s_widths = [76, 216, 64, 240, 47, 6];

    private readonly int _rows;
    private readonly bool _isOnePass;
    private readonly GramOptions _options;
    private readonly float[] _values;
    private readonly Tensor<float> _x;
    private readonly Kernel[] _parts;
    private readonly Kernel _whole;
    private Tensor<float>? _result;

    /// <summary>Prepares the rows.</summary>
    public SixViewsCase(DeviceSession session, int threads, bool isOnePass)
    {
        int rows = session.Fit(60, 4000, [], isDouble: false, _ => 0, _ => 0);
        (_rows, _isOnePass, _options) = (rows, isOnePass, new() { Threads = threads });
        int features = s_widths.Sum();
        _values = Samples.Uniform<float>(rows, features, seed: 12);
        _x = Tensor.Create(_values, [rows, features]);
        int first = 0;
        _parts = [.. s_widths.Select(width => Kernel.Rbf(6.0 / width).On(first..(first += width)))];
        _whole = (1.0 / 6) * _parts[0];
        foreach (Kernel part in _parts.Skip(1)) _whole += (1.0 / 6) * part;
        double pairs = rows * (rows + 1.0) / 2;
        Work = new(2 * pairs * features, s_widths.Length * pairs, 4L * rows * features, 4L * rows * rows);
    }

    /// <inheritdoc/>
    public override string Shape => $"{_rows} x {_rows}, six views";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor => false;

    /// <inheritdoc/>
    public override void Run()
    {
        if (_isOnePass)
        {
            _result = Gram.Compute(_x, _whole, _options);
            return;
        }

        // The sum as the library has it: over given matrices, on all threads.
        Tensor<float>[] grams = [.. _parts.Select(part => Gram.Compute(_x, part, _options))];
        _result = KernelWeights.Sum(grams, [.. grams.Select(_ => 1.0 / grams.Length)], new() { Threads = _options.Threads });
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(_rows, _rows, (i, j) => _result![i, j], (i, j) =>
        GramReference.Compute(_whole.Compile(s_widths.Sum()).Program, Samples.Row(_values, s_widths.Sum(), i), Samples.Row(_values, s_widths.Sum(), j))[0, 0]);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
