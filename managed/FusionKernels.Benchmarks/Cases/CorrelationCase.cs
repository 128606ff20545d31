using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Canonical correlation of two float32 views with far more rows than columns: the whole fit, or its half-product alone; views of accelerators stay on the device.</summary>
internal sealed class CorrelationCase : BenchCase
{
    /// <summary>Components that are kept.</summary>
    public const int Components = 10;

    private readonly DeviceSession _session;
    private readonly int _threads;
    private readonly bool _isWhole;
    private readonly Tensor<float> _x;
    private readonly Tensor<float> _y;
    private readonly DeviceTensor<float>? _deviceX;
    private readonly DeviceTensor<float>? _deviceY;
    private readonly Lazy<IReadOnlyList<double>> _reference;
    private CanonicalCorrelation? _model;
    private Tensor<double>? _covariance;

    /// <summary>Makes the views: 256 + 256 columns of 200 000 rows on the host, of up to a million on an accelerator.</summary>
    /// <param name="session">The device.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="isWhole">Whether the solve belongs to it.</param>
    public CorrelationCase(DeviceSession session, int threads, bool isWhole)
        : this(session, threads, isWhole, FittingRows(session), 256, hasFloor: true)
    {
    }

    private CorrelationCase(DeviceSession session, int threads, bool isWhole, int rows, int width, bool hasFloor)
    {
        (_session, _threads, _isWhole) = (session, threads, isWhole);
        (Rows, Width, HasFloor) = (rows, width, hasFloor);
        Left = Samples.Uniform<float>(Rows, Width, seed: 5);
        Right = Samples.Uniform<float>(Rows, Width, seed: 6);
        Samples.Share(Left, Right, Width, Kept);
        _x = Tensor.Create(Left, [Rows, Width]);
        _y = Tensor.Create(Right, [Rows, Width]);
        (_deviceX, _deviceY) = session.IsHost ? (null, null) : (session.Device.Upload(_x), session.Device.Upload(_y));
        _reference = new(Exact);
        double columns = 2.0 * Width;
        Work = new(Rows * columns * (columns + 1), 0, Rows * columns * sizeof(float), columns * columns * sizeof(double), Rows: Rows);
    }

    /// <summary>150 rows of 4 + 4 columns: what one call costs.</summary>
    public static CorrelationCase Small(DeviceSession session, int threads) => new(session, threads, isWhole: true, 150, 4, hasFloor: false);

    /// <summary>Columns of each view.</summary>
    public int Width { get; }

    /// <summary>Components that are kept: all of narrow views.</summary>
    private int Kept => Math.Min(Components, Width);

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>The first view, row-major.</summary>
    public float[] Left { get; }

    /// <summary>The second view, row-major.</summary>
    public float[] Right { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Rows} rows, {Width} + {Width} columns{(_isWhole ? $", {Kept} components" : "")}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        if (_deviceX is null || _deviceY is null)
        {
            Correlate();
            return;
        }

        if (_isWhole) _model = CanonicalCorrelation.Fit(_deviceX, _deviceY, FitOptions);
        else Moments(moments => moments.Accumulate(_deviceX, _deviceY, Options));
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _deviceX is null ? null : Correlate;

    /// <inheritdoc/>
    public override double MaxError() => _model is null ? Samples.MaxError(Width, Width, (i, j) => _covariance![i, j], Covariance) : Samples.MaxError(Kept, Kept, (i, j) => i == j ? _model.Correlations[i] : 0, Reference);

    /// <summary>A correlation in float64 on the diagonal, 0 elsewhere.</summary>
    public double Reference(int row, int column) => row == column ? _reference.Value[row] : 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _deviceX?.Dispose();
        _deviceY?.Dispose();
    }

    private static int FittingRows(DeviceSession session) => session.Fit(
        1000, 200_000, [1_000_000, 200_000, 50_000, 10_000, 3000, 1000], false, n => n * 4 * 256 * 256, n => n * 2 * 256 * sizeof(float));

    private ExecutionOptions Options => new() { Device = _session.Device, Threads = _threads };

    private CanonicalCorrelationOptions FitOptions => new() { Components = Kept, Device = _session.Device, Threads = _threads };

    /// <summary>One call on tensors of the host.</summary>
    private void Correlate()
    {
        if (_isWhole) _model = CanonicalCorrelation.Fit(_x, _y, FitOptions);
        else Moments(moments => moments.Accumulate(_x, _y, Options));
    }

    private void Moments(Action<CanonicalMoments> accumulate)
    {
        CanonicalMoments moments = new(Width, Width);
        accumulate(moments);
        _covariance = moments.Covariance(0, 1);
    }

    /// <summary>A covariance of the two views by its definition, in float64.</summary>
    private double Covariance(int left, int right)
    {
        double meanLeft = 0, meanRight = 0, sum = 0;
        for (int i = 0; i < Rows; i++)
        {
            meanLeft += Left[((long)i * Width) + left] / Rows;
            meanRight += Right[((long)i * Width) + right] / Rows;
        }

        for (int i = 0; i < Rows; i++) sum += (Left[((long)i * Width) + left] - meanLeft) * (Right[((long)i * Width) + right] - meanRight);
        return sum / (Rows - 1);
    }

    private IReadOnlyList<double> Exact()
    {
        CanonicalMoments moments = new(Width, Width);
        moments.Accumulate(Widened(Left), Widened(Right));
        return moments.Fit().Correlations;
    }

    private Tensor<double> Widened(float[] values) => Tensor.Create(Array.ConvertAll(values, value => (double)value), [Rows, Width]);
}
