using System.Runtime.CompilerServices;

namespace FusionKernels;

/// <summary>Where the rows of a C-ordered .npy matrix lie in a file that this library writes.</summary>
internal sealed class NpyMatrixLayout
{
    private readonly long rowBytes;

    private NpyMatrixLayout(byte[] header, long rowBytes)
    {
        Header = header;
        this.rowBytes = rowBytes;
    }

    /// <summary>The bytes before the first row.</summary>
    public byte[] Header { get; }

    /// <summary>The layout of a matrix of <typeparamref name="T"/>.</summary>
    public static NpyMatrixLayout Of<T>(long rows, long columns)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        byte[] header = NpyHeaderText.Write(NpyTypes.Of<T>(), [rows, columns]);
        Int128 bytes = (Int128)Math.Max(rows, 1) * Math.Max(columns, 1) * Unsafe.SizeOf<T>();
        if (bytes + header.Length > long.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(rows), $"a matrix of {rows} x {columns} elements of {Unsafe.SizeOf<T>()} bytes exceeds the largest file");
        return new NpyMatrixLayout(header, columns * Unsafe.SizeOf<T>());
    }

    /// <summary>The byte at which a row starts.</summary>
    public long RowOffset(long row) => Header.Length + (row * rowBytes);

    /// <summary>Checks that an unfinished file starts with this header and reaches at least to <paramref name="end"/>.</summary>
    public void CheckPartial(FileStream stream, string name, long end)
    {
        if (stream.Length < end)
            throw new DataFormatException(name, $"byte {stream.Length}", $"at least {end} bytes, the rows to keep", "the end of the file");
        byte[] start = new byte[Header.Length];
        stream.ReadExactly(start);
        int difference = start.AsSpan().CommonPrefixLength(Header);
        if (difference < Header.Length)
        {
            throw new DataFormatException(
                name, $"byte {difference}", "the header of the matrix that is being resumed: " + Words(Header), Words(start) + "; remove the file to start anew");
        }
    }

    private static string Words(byte[] header) => DataText.Quote(System.Text.Encoding.Latin1.GetString(header).Trim(), 100);
}
