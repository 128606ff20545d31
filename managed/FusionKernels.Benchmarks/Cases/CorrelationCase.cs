using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Canonical correlation of two float32 views with far more rows than columns: the whole fit, or its half-product alone.</summary>
internal sealed class CorrelationCase : BenchCase
{
    /// <summary>Components that are kept.</summary>
    public const int Components = 10;

    private readonly DeviceSession _session;
    private readonly int _threads;
    private readonly bool _isWhole;
    private readonly Tensor<float> _x;
    private readonly Tensor<float> _y;
    private readonly Lazy<IReadOnlyList<double>> _reference;
    private CanonicalCorrelation? _model;
    private Tensor<double>? _covariance;

    /// <summary>Makes the views.</summary>
    /// <param name="session">The device.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="isWhole">Whether the solve belongs to it.</param>
    public CorrelationCase(DeviceSession session, int threads, bool isWhole)
    {
        (_session, _threads, _isWhole) = (session, threads, isWhole);
        Rows = (int)session.Fit(1000, 200_000, [200_000, 50_000, 10_000, 3000, 1000], false, n => (double)n * 4 * Width * Width, n => n * 2L * Width * sizeof(float));
        Left = Samples.Uniform<float>(Rows, Width, seed: 5);
        Right = Samples.Uniform<float>(Rows, Width, seed: 6);
        // The first columns share something, so that the first correlations stand apart.
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Components; j++) Right[((long)i * Width) + j] += Left[((long)i * Width) + j] * (Components - j) / Components;
        }

        _x = Tensor.Create(Left, [Rows, Width]);
        _y = Tensor.Create(Right, [Rows, Width]);
        _reference = new(Exact);
        double columns = 2.0 * Width;
        Work = new(Rows * columns * (columns + 1), 0, Rows * columns * sizeof(float), columns * columns * sizeof(double));
    }

    /// <summary>Columns of each view.</summary>
    public static int Width => 256;

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>The first view, row-major.</summary>
    public float[] Left { get; }

    /// <summary>The second view, row-major.</summary>
    public float[] Right { get; }

    /// <inheritdoc/>
    public override string Shape => $"{Rows} rows, {Width} + {Width} columns{(_isWhole ? $", {Components} components" : "")}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        if (_isWhole)
        {
            _model = CanonicalCorrelation.Fit(_x, _y, new() { Components = Components, Device = _session.Device, Threads = _threads });
            return;
        }

        CanonicalMoments moments = new(Width, Width);
        moments.Accumulate(_x, _y, new() { Device = _session.Device, Threads = _threads });
        _covariance = moments.Covariance(0, 1);
    }

    /// <inheritdoc/>
    public override double MaxError() => _model is null ? Samples.MaxError(Width, Width, (i, j) => _covariance![i, j], Covariance) : Samples.MaxError(Components, Components, (i, j) => i == j ? _model.Correlations[i] : 0, Reference);

    /// <summary>A correlation in float64 on the diagonal, 0 elsewhere.</summary>
    public double Reference(int row, int column) => row == column ? _reference.Value[row] : 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
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
