using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;

namespace FusionKernels.Bench;

/// <summary>The distances of all pairs of a set of float32 series of one length through the public API; series and result of accelerators stay on the device.</summary>
internal sealed class WarpingCase : BenchCase
{
    /// <summary>Cells of the references of one check: a second or two.</summary>
    private const double CheckedCells = 12e6;

    private readonly DtwOptions _options;
    private readonly Tensor<float> _series;
    private readonly DeviceTensor<float>? _onDevice;
    private readonly int _count;
    private readonly int _length;
    private readonly int? _radius;
    private Tensor<float>? _distances;
    private DeviceTensor<float>? _deviceDistances;

    private WarpingCase(DeviceSession session, int count, int length, int? radius, int threads, bool hasFloor)
    {
        (_count, _length, _radius) = (count, length, radius);
        _options = new()
        {
            Device = session.Device,
            Threads = threads,
            Window = radius is { } cells ? WarpingWindow.Radius(cells) : WarpingWindow.None,
        };
        _series = Tensor.Create(Samples.Uniform<float>(count, length, seed: 9), [count, length]);
        _onDevice = session.IsHost ? null : session.Device.Upload(_series);
        HasFloor = hasFloor && !session.IsHost;

        // Outside a band stand two triangles of length - 1 - radius cells a side.
        double side = radius is { } r ? Math.Max(0, length - 1.0 - r) : 0;
        double cellsOfPair = ((double)length * length) - (side * (side + 1));
        Work = new(0, 0, 4.0 * count * length, 4.0 * count * count, count * (count - 1.0) / 2 * cellsOfPair);
    }

    /// <inheritdoc/>
    public override string Shape => $"{_count} series of {_length}{(_radius is null ? "" : $", radius {_radius}")}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <summary>Not on the host, whose processors have more units for minima than for multiply-adds, or fewer.</summary>
    public override bool HasFloor { get; }

    /// <summary>All pairs: 1000 series of 256 on the host, up to 16 384 of 1024 on an accelerator.</summary>
    /// <param name="session">The device.</param>
    /// <param name="radius">The radius of the Sakoe-Chiba band; null for no window.</param>
    /// <param name="threads">Host threads.</param>
    public static WarpingCase AllPairs(DeviceSession session, int? radius, int threads)
    {
        int length = session.IsTiny ? 48 : session.IsHost ? 256 : 1024;
        int count = session.Fit(12, 1000, [16384, 8192, 4096, 2048, 1024, 512, 128, 32], isDouble: false, n => 4 * n * n * length * length, n => 4 * n * (n + length));
        return new(session, count, length, radius, threads, hasFloor: true);
    }

    /// <summary>8 series of 64 samples: what one call costs.</summary>
    public static WarpingCase Small(DeviceSession session, int threads) => new(session, 8, 64, null, threads, hasFloor: false);

    /// <inheritdoc/>
    public override void Run()
    {
        if (_onDevice is null)
        {
            Align();
            return;
        }

        _deviceDistances?.Dispose();
        _deviceDistances = Dtw.Distances(_onDevice, _options);
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _onDevice is null ? null : Align;

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(
        _count,
        _count,
        (i, j) => _deviceDistances is null ? _distances![i, j] : DeviceElements.At(_deviceDistances, ((long)i * _count) + j),
        Reference,
        Math.Min(Samples.Count, (int)(CheckedCells / _length / _length)));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _onDevice?.Dispose();
        _deviceDistances?.Dispose();
    }

    /// <summary>One call on tensors of the host.</summary>
    private void Align() => _distances = Dtw.Distances(_series, _options);

    /// <summary>One distance in float64.</summary>
    private double Reference(int row, int column)
    {
        double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, SamplesOf(row), SamplesOf(column));
        double[,] table = WarpingReference.Accumulate(costs, StepPattern.Symmetric1, _options.Window, _options.Ends);
        return Math.Sqrt(WarpingReference.EndValue(table, _options.Ends));
    }

    private double[][] SamplesOf(int row) => [.. Enumerable.Range(0, _length).Select(i => new[] { (double)_series[row, i] })];
}
