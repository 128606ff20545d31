using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Bench;

/// <summary>The product of two square matrices in the device's memory.</summary>
internal sealed class ProductCase<T> : BenchCase
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _edge;
    private readonly int _threads;
    private readonly T[] _left;
    private readonly T[] _right;
    private readonly DeviceTensor<T> _a;
    private readonly DeviceTensor<T> _b;
    private readonly DeviceTensor<T> _result;

    /// <summary>Makes the operands.</summary>
    public ProductCase(DeviceSession session, int threads)
    {
        int bytes = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        _threads = threads;
        _edge = session.Fit(
            48, 2048, [8192, 4096, 2048, 1024, 512, 256, 128], typeof(T) == typeof(double), n => 2 * n * n * n, n => 3 * n * n * bytes);
        _left = Samples.Uniform<T>(_edge, _edge, seed: 2);
        _right = Samples.Uniform<T>(_edge, _edge, seed: 3);
        _a = session.Device.Upload(Tensor.Create(_left, [_edge, _edge]));
        _b = session.Device.Upload(Tensor.Create(_right, [_edge, _edge]));
        _result = session.Device.Allocate<T>(_edge, _edge);
        Work = new(2.0 * _edge * _edge * _edge, 0, 2.0 * _edge * _edge * bytes, (double)_edge * _edge * bytes);
    }

    /// <inheritdoc/>
    public override string Shape => $"{_edge} x {_edge} x {_edge}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run() => Products.Multiply(
        _a.Device.Engine, _a.AsMatrix("a"), _b.AsMatrix("b"), _result.AsMatrix("result"), T.One, T.Zero, new RunSettings("Bench", _threads));

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(_edge, _edge, (i, j) => DeviceElements.At(_result, ((long)i * _edge) + j), Reference);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _result.Dispose();
    }

    private double Reference(int row, int column)
    {
        double sum = 0;
        for (int k = 0; k < _edge; k++)
        {
            sum += double.CreateChecked(_left[((long)row * _edge) + k]) * double.CreateChecked(_right[((long)k * _edge) + column]);
        }

        return sum;
    }
}
