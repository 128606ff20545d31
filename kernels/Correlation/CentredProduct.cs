using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Sums and the half-product of one chunk of rows, in which all threads, or an accelerator, work together.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct CentredProduct<T> : IVectorJob<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows of one piece of centring.</summary>
    private const int PieceRows = 64;

    /// <summary>Who multiplies.</summary>
    public Engine Engine;

    /// <summary>Who centres.</summary>
    public HostEngine Host;

    /// <summary>The views.</summary>
    public Operand<T>[] Views;

    /// <summary>Columns of all views.</summary>
    public int Features;

    /// <summary>Elements from row to row of what is centred, and of the product.</summary>
    public int Stride;

    /// <summary>Rows that are multiplied at a time.</summary>
    public int Slice;

    /// <summary>The chunk.</summary>
    public MomentChunk<T> Chunk;

    /// <summary>How to run.</summary>
    public RunSettings Settings;

    /// <inheritdoc/>
    public readonly void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        T* rows = Scratch.Get<T>(ScratchSlot.MomentRows, (nint)(Slice + Pieces(Slice)) * Stride), sums = rows + ((nint)Slice * Stride);
        new Span<double>(Chunk.Sums, Features).Clear();
        for (int at = 0; at < Chunk.Count; at += Slice)
        {
            int count = Math.Min(Slice, Chunk.Count - at);
            PieceJob<V> job = new() { All = this, At = at, Count = count, Rows = rows, Sums = sums };
            Host.Run(ref job, Pieces(count), Settings.Threads);
            for (int piece = 0; piece < Pieces(count); piece++)
            {
                T* from = sums + ((long)piece * Stride);
                for (int i = 0; i < Features; i++) Chunk.Sums[i] += Element.ToDouble(from[i]);
            }

            MatrixRef<T> slice = new(ref *rows, Features, count, 1, Stride), result = new(ref *Chunk.Products, Features, Features, Stride);
            Products.Products.MultiplySelf(Engine, slice, result, T.One, at == 0 ? T.Zero : T.One, Settings);
        }
    }

    private static int Pieces(int rows) => (rows + PieceRows - 1) / PieceRows;

    private struct PieceJob<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public CentredProduct<T> All;
        public int At;
        public int Count;
        public T* Rows;
        public T* Sums;

        public readonly void Run(int piece)
        {
            int first = piece * PieceRows;
            CentredRows<V, T>.Fill(
                All.Views,
                All.Chunk.First + At + first,
                Math.Min(PieceRows, Count - first),
                All.Chunk.Centre,
                All.Chunk.Scale,
                Rows + ((long)first * All.Stride),
                All.Stride,
                Sums + ((long)piece * All.Stride));
        }
    }
}
