using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FusionKernels;

/// <summary>Reads rows of a .npy matrix that need not fit into memory.</summary>
/// <remarks>The matrix must be in C order and of type <typeparamref name="T"/>. Reading is safe from several threads at once.</remarks>
/// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
public sealed class NpyRowReader<T> : IDisposable
    where T : unmanaged
{
    private readonly FileStream stream;
    private readonly BinarySource source;
    private readonly NpyHeader header;

    /// <summary>Opens the file and checks its header.</summary>
    /// <param name="path">The .npy file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, not a matrix in C order, or of another type.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public NpyRowReader(string path)
    {
        stream = DataFile.OpenRead(path);
        try
        {
            source = BinarySource.FromStream(stream, path);
            header = NpyHeaderText.Read(source);
            NpyPayload.RequireType<T>(source, header);
            if (header.Shape.Count != 2)
                throw source.Error(0, "a matrix, two dimensions", $"a {header}; Npy.Read reads any shape");
            if (header.IsFortranOrder)
                throw source.Error(0, "rows one after the other (C order)", "Fortran order; Npy.Read and Npy.Write bring a file into C order");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The rows of the matrix.</summary>
    public long Rows => header.Shape[0];

    /// <summary>The elements of each row.</summary>
    public long Columns => header.Shape[1];

    /// <summary>Reads consecutive rows into memory of the caller.</summary>
    /// <param name="firstRow">The first row to read.</param>
    /// <param name="destination">Receives <c>destination.Length / Columns</c> rows, row-major.</param>
    /// <exception cref="ArgumentException">The length is not that of whole rows, or the rows are not all in the matrix.</exception>
    /// <exception cref="DataFormatException">The file became shorter after it was opened, or a truth value is neither 0 nor 1.</exception>
    public void Read(long firstRow, Span<T> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        if (destination.IsEmpty)
            return;
        if (Columns == 0 || destination.Length % Columns != 0)
            throw new ArgumentException($"{destination.Length} elements are not whole rows of {Columns}", nameof(destination));
        RequireRows(firstRow, destination.Length / Columns);
        long firstElement = firstRow * Columns;
        // One call moves at most 2^30 bytes, so that a span can count them.
        int piece = (1 << 30) / Unsafe.SizeOf<T>();
        for (int first = 0; first < destination.Length; first += piece)
        {
            Span<T> part = destination.Slice(first, Math.Min(piece, destination.Length - first));
            ReadElements(firstElement + first, part);
            NpyPayload.Normalize(part, source, header, firstElement + first);
        }
    }

    /// <summary>Reads the rows [<paramref name="firstRow"/>, <paramref name="endRow"/>) into a new tensor.</summary>
    /// <param name="firstRow">The first row to read.</param>
    /// <param name="endRow">The row after the last one to read.</param>
    /// <returns>The rows, (endRow - firstRow) x columns, row-major.</returns>
    /// <exception cref="ArgumentException">The rows are not all in the matrix, or too many for one tensor.</exception>
    /// <exception cref="DataFormatException">The file became shorter after it was opened, or a truth value is neither 0 nor 1.</exception>
    public Tensor<T> Read(long firstRow, long endRow)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfLessThan(endRow, firstRow);
        long count = endRow - firstRow;
        RequireRows(firstRow, count);
        if (count * (Int128)Columns > Array.MaxLength)
            throw new ArgumentException($"{count} rows of {Columns} elements do not fit one tensor; read fewer rows at once", nameof(endRow));
        var elements = new T[count * Columns];
        Read(firstRow, elements);
        return Tensor.Create(elements, [(nint)count, (nint)Columns]);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private void ReadElements(long firstElement, Span<T> elements)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(elements);
        long offset = header.DataOffset + (firstElement * Unsafe.SizeOf<T>());
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(stream.SafeFileHandle, bytes, offset);
            if (read == 0)
                throw source.Error(offset, $"{header.DataOffset + header.DataBytes} bytes in all", "the end of the file");
            bytes = bytes[read..];
            offset += read;
        }
    }

    private void RequireRows(long firstRow, long count)
    {
        if (count > Rows - firstRow)
            throw new ArgumentException($"rows {firstRow} to {firstRow + count} are not all in the {Rows} rows of the matrix", nameof(firstRow));
    }
}
