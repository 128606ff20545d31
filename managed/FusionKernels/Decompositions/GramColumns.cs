using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Columns of a Gram matrix as they are asked for; rows are brought to a device once.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class GramColumns<T> : IColumnSource, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _x;
    private readonly Kernel _kernel;
    private readonly GramOptions _options;
    private readonly DeviceTensor<T>? _onDevice;
    private T[] _values = [];

    /// <summary>Takes rows and a kernel.</summary>
    public GramColumns(Tensor<T> x, Kernel kernel, ComputeDevice device, ExecutionOptions? options)
    {
        (_x, _kernel) = (x, kernel);
        _options = Options(options) with { Device = device };
        if (!HostExecution.IsHost(device)) _onDevice = device.Upload(x);
    }

    /// <inheritdoc/>
    public int Size => checked((int)_x.Lengths[0]);

    /// <inheritdoc/>
    public double Epsilon => Kernels.Simd.Epsilon.Of<T>();

    /// <summary>The options of a Gram matrix within a longer operation, which tells progress and reports itself.</summary>
    public static GramOptions Options(ExecutionOptions? options) => options is null
        ? new()
        : new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation };

    /// <inheritdoc/>
    public void Diagonal(Span<double> diagonal)
    {
        if (Size == 0) return;
        ReadOnlySpan<T> values = Gram.Diagonal(_x, _kernel, _options).GetSpan([0], Size);
        for (int i = 0; i < values.Length; i++) diagonal[i] = double.CreateChecked(values[i]);
    }

    /// <inheritdoc/>
    public void Columns(ReadOnlySpan<int> pivots, Span<double> columns)
    {
        if (_values.Length < columns.Length) _values = new T[columns.Length];
        Span<T> values = typeof(T) == typeof(double) ? MemoryMarshal.Cast<double, T>(columns) : _values.AsSpan(0, columns.Length);
        TensorSpan<T> destination = new(values, [Size, pivots.Length]);
        Tensor<T> rows = Rows(pivots);
        if (_onDevice is null)
        {
            Gram.Compute(_x, rows, _kernel, destination, _options);
        }
        else
        {
            using DeviceTensor<T> others = _onDevice.Device.Upload(rows);
            using DeviceTensor<T> result = Gram.Compute(_onDevice, others, _kernel, _options);
            result.DownloadTo(destination);
        }

        if (typeof(T) == typeof(double)) return;
        for (int i = 0; i < values.Length; i++) columns[i] = double.CreateChecked(values[i]);
    }

    /// <summary>A copy of some rows.</summary>
    public Tensor<T> Rows(ReadOnlySpan<int> numbers)
    {
        nint features = _x.Lengths[1];
        T[] elements = new T[checked(numbers.Length * features)];
        for (int j = 0; j < numbers.Length; j++)
        {
            for (nint k = 0; k < features; k++) elements[(j * features) + k] = _x[numbers[j], k];
        }

        return Tensor.Create(elements, [numbers.Length, features]);
    }

    /// <inheritdoc/>
    public void Dispose() => _onDevice?.Dispose();
}
