using System.Buffers;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Copies between tensors of any strides and dense device memory.</summary>
internal static class TensorTransfer
{
    /// <summary>Elements that are gathered at once: far above what a copy costs to start, little memory beside a tensor.</summary>
    private const int PieceLength = 1 << 22;

    /// <summary>Copies to the device, in row-major order.</summary>
    public static void Upload<T>(in ReadOnlyTensorSpan<T> source, Engine engine, DeviceBuffer<T> destination)
        where T : unmanaged
    {
        if (source.FlattenedLength == 0) return;
        if (source.IsDense && source.FlattenedLength <= int.MaxValue)
        {
            engine.Upload(source.GetSpan(new nint[source.Rank], (int)source.FlattenedLength), destination, 0);
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
        if (destination.IsDense && destination.FlattenedLength <= int.MaxValue)
        {
            engine.Download(source, 0, destination.GetSpan(new nint[destination.Rank], (int)destination.FlattenedLength));
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

    /// <summary>A tensor that is not empty, cut along its first dimension into slabs of about a piece.</summary>
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
