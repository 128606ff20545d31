using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Bench;

/// <summary>A float32 matrix times a vector: bound by reading the matrix.</summary>
internal sealed class MatrixVectorCase : BenchCase
{
    private readonly int _edge;
    private readonly int _threads;
    private readonly float[] _matrix;
    private readonly float[] _vector;
    private readonly DeviceTensor<float> _a;
    private readonly DeviceTensor<float> _x;
    private readonly DeviceTensor<float> _result;

    /// <summary>Makes the operands.</summary>
    public MatrixVectorCase(DeviceSession session, int threads)
    {
        _threads = threads;
        _edge = session.Fit(48, 8192, [16384, 8192, 4096, 2048, 1024, 512, 256], isDouble: false, n => 64 * n * n, n => 4 * n * n);
        _matrix = Samples.Uniform<float>(_edge, _edge, seed: 4);
        _vector = Samples.Uniform<float>(_edge, 1, seed: 5);
        _a = session.Device.Upload(Tensor.Create(_matrix, [_edge, _edge]));
        _x = session.Device.Upload(Tensor.Create(_vector, [_edge, 1]));
        _result = session.Device.Allocate<float>(_edge, 1);
        Work = new(2.0 * _edge * _edge, 0, 4.0 * _edge * (_edge + 1), 4.0 * _edge);
    }

    /// <inheritdoc/>
    public override string Shape => $"{_edge} x {_edge}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run() => Products.MultiplyVector(
        _a.Device.Engine, _a.AsMatrix("a"), _x.AsMatrix("x"), _result.AsMatrix("result"), 1f, 0f, new RunSettings("Bench", _threads));

    /// <inheritdoc/>
    public override Action? EndToEnd => _a.Device.Description.Kind == DeviceKind.Host ? null : () =>
        MatrixProduct.Multiply(Tensor.Create(_matrix, [_edge, _edge]), Tensor.Create(_vector, [_edge, 1]), new() { Device = _a.Device });

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(_edge, 1, (row, _) => DeviceElements.At(_result, row), (row, _) => Reference(row));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _a.Dispose();
        _x.Dispose();
        _result.Dispose();
    }

    private double Reference(int row)
    {
        double sum = 0;
        for (int k = 0; k < _edge; k++) sum += (double)_matrix[((long)row * _edge) + k] * _vector[k];
        return sum;
    }
}
