using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;

namespace FusionKernels.Bench;

/// <summary>The mean of six RBF Gram matrices of 4000 rows, views as wide as those of the handwritten digits: in one pass, or as six matrices and their sum; rows and result of accelerators stay on the device.</summary>
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
    private readonly DeviceTensor<float>? _onDevice;
    private Tensor<float>? _result;
    private DeviceTensor<float>? _deviceResult;

    /// <summary>Prepares the rows.</summary>
    public SixViewsCase(DeviceSession session, int threads, bool isOnePass)
    {
        int features = s_widths.Sum();
        int rows = session.Fit(60, 4000, [32_000, 16_000, 4000, 2000, 1000, 500, 60], isDouble: false, n => n * n * features, n => 4 * n * (n + features));
        (_rows, _isOnePass, _options) = (rows, isOnePass, new() { Device = session.Device, Threads = threads });
        _values = Samples.Uniform<float>(rows, features, seed: 12);
        _x = Tensor.Create(_values, [rows, features]);
        _onDevice = session.IsHost ? null : session.Device.Upload(_x);
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
        if (_onDevice is not null)
        {
            _deviceResult?.Dispose();
            _deviceResult = Gram.Compute(_onDevice, _whole, _options);
            return;
        }

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
    public override Action? EndToEnd => _onDevice is null ? null : () =>
    {
        _deviceResult?.Dispose();
        _deviceResult = null;
        _result = Gram.Compute(_x, _whole, _options);
    };

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(_rows, _rows, (i, j) => _deviceResult is null ? _result![i, j] : DeviceElements.At(_deviceResult, ((long)i * _rows) + j), (i, j) =>
        GramReference.Compute(_whole.Compile(s_widths.Sum()).Program, Samples.Row(_values, s_widths.Sum(), i), Samples.Row(_values, s_widths.Sum(), j))[0, 0]);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _onDevice?.Dispose();
        _deviceResult?.Dispose();
    }
}
