using System.Buffers;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Copies between tensors of any strides and dense device memory.</summary>
internal static class TensorTransfer
{
    /// <summary>Elements that go at once: far above what a copy costs to start, far below the limit of a span.</summary>
    private const int PieceLength = 1 << 22;

    /// <summary>Copies to the device, in row-major order.</summary>
    public static void Upload<T>(in ReadOnlyTensorSpan<T> source, Engine engine, DeviceBuffer<T> destination)
        where T : unmanaged
    {
        if (source.FlattenedLength == 0) return;
        if (source.IsDense)
        {
            Span<nint> start = stackalloc nint[source.Rank];
            for (nint first = 0; first < source.FlattenedLength; first += PieceLength)
            {
                int length = (int)nint.Min(PieceLength, source.FlattenedLength - first);
                Locate(first, source.Lengths, start);
                engine.Upload(source.GetSpan(start, length), destination, first);
            }

            return;
        }

        Slabs slabs = new(source.Lengths);
        T[] piece = ArrayPool<T>.Shared.Rent(slabs.Length);
        try
        {
            for (nint row = 0; row < slabs.Rows; row += slabs.RowsAtOnce)
            {
                ReadOnlyTensorSpan<T> slab = source.Slice(slabs.Range(row));
                Span<T> flat = piece.AsSpan(0, checked((int)slab.FlattenedLength));
                slab.FlattenTo(flat);
                engine.Upload<T>(flat, destination, row * slabs.RowLength);
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(piece);
        }
    }

    /// <summary>Copies from the device, in row-major order.</summary>
    public static void Download<T>(Engine engine, DeviceBuffer<T> source, in TensorSpan<T> destination)
        where T : unmanaged
    {
        if (destination.FlattenedLength == 0) return;
        if (destination.IsDense)
        {
            Span<nint> start = stackalloc nint[destination.Rank];
            for (nint first = 0; first < destination.FlattenedLength; first += PieceLength)
            {
                int length = (int)nint.Min(PieceLength, destination.FlattenedLength - first);
                Locate(first, destination.Lengths, start);
                engine.Download(source, first, destination.GetSpan(start, length));
            }

            return;
        }

        Slabs slabs = new(destination.Lengths);
        T[] piece = ArrayPool<T>.Shared.Rent(slabs.Length);
        try
        {
            for (nint row = 0; row < slabs.Rows; row += slabs.RowsAtOnce)
            {
                TensorSpan<T> slab = destination.Slice(slabs.Range(row));
                Span<T> flat = piece.AsSpan(0, checked((int)slab.FlattenedLength));
                engine.Download(source, row * slabs.RowLength, flat);
                new ReadOnlyTensorSpan<T>(flat, slab.Lengths).CopyTo(slab);
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(piece);
        }
    }

    /// <summary>The indices of the element with a given number in row-major order.</summary>
    private static void Locate(nint element, ReadOnlySpan<nint> lengths, Span<nint> indices)
    {
        for (int dimension = lengths.Length - 1; dimension >= 0; dimension--)
        {
            (element, indices[dimension]) = Math.DivRem(element, lengths[dimension]);
        }
    }

    /// <summary>A tensor cut along its first dimension into slabs of about a piece.</summary>
    private readonly ref struct Slabs
    {
        private readonly int _rank;

        public Slabs(ReadOnlySpan<nint> lengths)
        {
            _rank = lengths.Length;
            Rows = lengths[0];
            RowLength = 1;
            foreach (nint length in lengths[1..]) RowLength = checked(RowLength * length);
            RowsAtOnce = nint.Clamp(PieceLength / RowLength, 1, Rows);
        }

        public nint Rows { get; }

        public nint RowLength { get; }

        public nint RowsAtOnce { get; }

        public int Length => checked((int)(RowsAtOnce * RowLength));

        public NRange[] Range(nint row)
        {
            NRange[] ranges = new NRange[_rank];
            ranges.AsSpan().Fill(NRange.All);
            ranges[0] = new NRange(row, nint.Min(row + RowsAtOnce, Rows));
            return ranges;
        }
    }
}
