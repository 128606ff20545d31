using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A tensor in the memory of a device: dense, row-major.</summary>
/// <remarks>Operations on device tensors leave their results on the device. One thread at a time may write; any number may read. Dispose it to give its memory back to the device's pool; a tensor that is collected instead gives it back late.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DeviceTensor<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _buffer;
    private readonly nint[] _lengths;
    private volatile bool _disposed;

    /// <summary>Wraps a buffer.</summary>
    internal DeviceTensor(ComputeDevice device, DeviceBuffer<T> buffer, ReadOnlySpan<nint> lengths)
    {
        Device = device;
        _buffer = buffer;
        _lengths = lengths.ToArray();
    }

    /// <summary>The device that holds the tensor.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The shape.</summary>
    public ReadOnlySpan<nint> Lengths => _lengths;

    /// <summary>The number of dimensions.</summary>
    public int Rank => _lengths.Length;

    /// <summary>The number of elements.</summary>
    public long FlattenedLength => _buffer.Length;

    /// <summary>The memory.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    internal DeviceBuffer<T> Buffer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _buffer;
        }
    }

    /// <summary>Copies the tensor to the host.</summary>
    /// <returns>A dense tensor of the same shape.</returns>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its device was disposed.</exception>
    public Tensor<T> Download()
    {
        Tensor<T> result = ResultTensor.Create<T>("DeviceTensor.Download", _lengths);
        DownloadTo(result.AsTensorSpan());
        return result;
    }

    /// <summary>Copies the tensor to memory of the host, with any strides.</summary>
    /// <param name="destination">Where to; of the tensor's shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <inheritdoc cref="Download" path="/exception"/>
    public void DownloadTo(TensorSpan<T> destination)
    {
        if (!destination.Lengths.SequenceEqual(_lengths))
        {
            throw new ArgumentException(
                $"the tensor is {Shape.Of(_lengths)}, the destination is {Shape.Of(destination.Lengths)}", nameof(destination));
        }

        TensorTransfer.Download(Device.Engine, Buffer, destination);
    }

    /// <summary>Gives the memory back to the device's pool; harmless after the device is gone, and a second time.</summary>
    public void Dispose()
    {
        _disposed = true;
        _buffer.Dispose();
    }

    /// <summary>The shape and the device, e.g. <c>1024 x 64 float32 on cuda:0</c>.</summary>
    public override string ToString() => $"{Shape.Of(_lengths)} {(typeof(T) == typeof(float) ? "float32" : "float64")} on {Device.Description.Name}";

    /// <summary>A tensor of rank 2 as an operand; of rank 1 as one column.</summary>
    /// <param name="what">The operand's name, for the message.</param>
    /// <exception cref="ArgumentException">The rank is neither, or a length exceeds the range of int.</exception>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    internal MatrixRef<T> AsMatrix(string what)
    {
        if (Rank is not (1 or 2)) throw new ArgumentException($"'{what}' is {Shape.Of(_lengths)}; a matrix (rows x columns) or a vector is needed", what);
        nint columns = Rank == 2 ? _lengths[1] : 1;
        if (_lengths[0] > int.MaxValue || columns > int.MaxValue)
        {
            throw new ArgumentException($"'{what}' is {Shape.Of(_lengths)}; rows and columns are limited to {int.MaxValue}", what);
        }

        return new(Buffer, 0, (int)_lengths[0], (int)columns, columns);
    }

    /// <summary>Throws unless the element is one that kernels compute with.</summary>
    /// <exception cref="NotSupportedException">It is not.</exception>
    internal static void RequireSupportedElement()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"DeviceTensor<{typeof(T).Name}>: devices compute with float and double; convert the tensor first");
        }
    }
}
