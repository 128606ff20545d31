using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Bench;

/// <summary>The ten largest singular values and their vectors of a tall float64 matrix; matrix and results of accelerators stay on the device.</summary>
internal sealed class SvdTopCase : BenchCase
{
    /// <summary>Values that are wanted.</summary>
    public const int Top = 10;

    private readonly SvdOptions _options;
    private readonly Tensor<double> _matrix;
    private readonly SvdPlan _plan;
    private readonly DeviceTensor<double>? _onDevice;
    private readonly DeviceTensor<double>? _deviceU;
    private readonly DeviceTensor<double>? _deviceValues;
    private readonly DeviceTensor<double>? _deviceV;
    private readonly Lazy<double[]> _values;
    private double[] _u = [];
    private double[] _v = [];

    /// <summary>Makes the matrix.</summary>
    public SvdTopCase(DeviceSession session, int threads)
    {
        Rows = session.Fit(60, 4096, [4096, 512], true, n => 30 * n * n * n / 16, n => n);
        Columns = session.IsTiny ? 50 : Rows / 4;
        _options = new() { Device = session.Device, Threads = threads, Count = Top };
        Elements = Samples.Uniform<double>(Rows, Columns, seed: 9);
        _matrix = Tensor.Create(Elements, [Rows, Columns]);
        _values = new(Exact);
        _plan = new(Rows, Columns, Top, WantsVectors: true, Full: false, sizeof(double));
        Work = new(_plan.Flops, 0, (double)Rows * Columns * sizeof(double), Top * (Rows + Columns) * sizeof(double));
        if (session.IsHost) return;
        _onDevice = session.Device.Upload(_matrix);
        (_deviceU, _deviceValues, _deviceV) = (session.Device.Allocate<double>(Rows, Top), session.Device.Allocate<double>(1, Top), session.Device.Allocate<double>(Columns, Top));
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>The matrix, row-major.</summary>
    public double[] Elements { get; }

    /// <inheritdoc/>
    public override string Shape => $"top {Top} of {Rows} x {Columns}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        if (_onDevice is null)
        {
            Compute();
            return;
        }

        Spectra.Svd(
            _onDevice.Device.Engine, _plan, _onDevice.AsMatrix("matrix"), _deviceU!.AsMatrix("u"), _deviceValues!.AsMatrix("values"), _deviceV!.AsMatrix("v"), new RunSettings("Bench", _options.Threads));
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _onDevice is null ? null : Compute;

    /// <summary>One call on tensors of the host.</summary>
    private void Compute()
    {
        SvdResult<double> result = Svd.Compute(_matrix, _options);
        (_u, _v) = (Samples.Elements(result.U!), Samples.Elements(result.V!));
    }

    /// <inheritdoc/>
    public override double MaxError()
    {
        if (_onDevice is not null) (_u, _v) = (Samples.Elements(_deviceU!.Download()), Samples.Elements(_deviceV!.Download()));
        return Samples.MaxError(Top, Top, (i, j) => Along(k => _u[(k * Top) + i], k => _v[(k * Top) + j]), Reference);
    }

    /// <summary>uᵀ A v.</summary>
    public double Along(Func<int, double> u, Func<int, double> v)
    {
        double[] right = [.. Enumerable.Range(0, Columns).Select(v)];
        double sum = 0;
        for (int i = 0; i < Rows; i++) sum += u(i) * TensorPrimitives.Dot<double>(Elements.AsSpan(i * Columns, Columns), right);
        return sum;
    }

    /// <summary>A singular value on the diagonal, 0 elsewhere: by all eigenvalues of AᵀA, whose errors of 1e-13 the largest do not show.</summary>
    public double Reference(int row, int column) => row == column ? _values.Value[row] : 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (DeviceTensor<double>? held in new[] { _onDevice, _deviceU, _deviceValues, _deviceV }) held?.Dispose();
    }

    private double[] Exact()
    {
        Tensor<double> gram = MatrixProduct.MultiplySelf(_matrix, new() { TransposeA = true });
        return [.. Samples.Elements(SymmetricEigen.Compute(gram, new() { Vectors = false }).Values).Take(Top).Select(Math.Sqrt)];
    }
}
