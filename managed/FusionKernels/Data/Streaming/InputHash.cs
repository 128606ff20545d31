using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FusionKernels;

/// <summary>SHA-256 of the inputs of a call, the same for equal elements wherever they lie.</summary>
internal sealed class InputHash : IDisposable
{
    private const int ChunkElements = 1 << 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>What was appended so far, in hexadecimal digits.</summary>
    public string Text => Convert.ToHexString(_hash.GetCurrentHash());

    /// <summary>Appends elements.</summary>
    public void Append<T>(ReadOnlySpan<T> elements)
        where T : unmanaged => _hash.AppendData(MemoryMarshal.AsBytes(elements));

    /// <summary>Appends a tensor's shape and elements, of any strides, row by row.</summary>
    public void Append<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Append(tensor.Lengths);
        if (tensor.FlattenedLength == 0) return;
        nint rows = tensor.Lengths[0], columns = tensor.FlattenedLength / rows;
        nint step = Math.Max(1, ChunkElements / columns);
        T[] chunk = new T[(int)(step * columns)];
        NRange[] range = new NRange[tensor.Rank];
        Array.Fill(range, NRange.All);
        for (nint row = 0; row < rows; row += step)
        {
            nint count = Math.Min(step, rows - row);
            range[0] = new NRange(row, row + count);
            Span<T> part = chunk.AsSpan(0, (int)(count * columns));
            tensor.AsReadOnlyTensorSpan().Slice(range).FlattenTo(part);
            Append<T>(part);
        }
    }

    /// <summary>Appends the shape and the elements of a tensor on a device.</summary>
    public void Append<T>(DeviceTensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Append(tensor.Lengths);
        T[] chunk = new T[(int)Math.Min(ChunkElements, tensor.FlattenedLength)];
        for (long first = 0; first < tensor.FlattenedLength; first += chunk.Length)
        {
            Span<T> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, tensor.FlattenedLength - first));
            tensor.Device.Engine.Download(tensor.Buffer, first, part);
            Append<T>(part);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
