using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>K + ridge I of rows that are brought to a device once; K is never stored.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class GramOperator<T> : ILinearOperator, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _x;
    private readonly Kernel _kernel;
    private readonly double _ridge;
    private readonly GramOptions _options;
    private readonly DeviceTensor<T>? _onDevice;

    /// <summary>Takes rows and a kernel.</summary>
    public GramOperator(Tensor<T> x, Kernel kernel, double ridge, ComputeDevice device, ExecutionOptions? options)
    {
        (_x, _kernel, _ridge) = (x, kernel, ridge);
        _options = GramColumns<T>.Options(options) with { Device = device };
        if (!HostExecution.IsHost(device)) _onDevice = device.Upload(x);
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> vectors, int width, Span<double> product)
    {
        T[] narrow = new T[vectors.Length];
        int[] exponents = Exponents(vectors, width);
        for (int i = 0; i < narrow.Length; i++) narrow[i] = T.CreateChecked(Math.ScaleB(vectors[i], -exponents[i % width]));
        Tensor<T> right = Tensor.Create(narrow, [_x.Lengths[0], width]);
        if (_onDevice is null)
        {
            Gram.Multiply(_x, _kernel, right, _options).FlattenTo(narrow);
        }
        else
        {
            using DeviceTensor<T> uploaded = _onDevice.Device.Upload(right);
            using DeviceTensor<T> result = Gram.Multiply(_onDevice, _kernel, uploaded, _options);
            result.Download().FlattenTo(narrow);
        }

        for (int i = 0; i < narrow.Length; i++) product[i] = Math.ScaleB(double.CreateChecked(narrow[i]), exponents[i % width]) + (_ridge * vectors[i]);
    }

    /// <inheritdoc/>
    public void Dispose() => _onDevice?.Dispose();

    /// <summary>By vector: the power of two of its largest magnitude, without which a residual of 1e-40 would be nothing in float32.</summary>
    private static int[] Exponents(ReadOnlySpan<double> vectors, int width)
    {
        double[] largest = new double[width];
        for (int i = 0; i < vectors.Length; i++) largest[i % width] = Math.Max(largest[i % width], Math.Abs(vectors[i]));
        return Array.ConvertAll(largest, value => value > 0 && double.IsFinite(value) ? Math.ILogB(value) : 0);
    }
}
