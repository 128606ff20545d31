using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Sums and half-products of chunks of rows, one chunk a thread: no thread waits for another before its chunk is done.</summary>
/// <remarks>
/// A slice of rows is centred and packed once, both ways, while it is in the first two caches; then every register tile on and
/// above the diagonal adds the slice to what it holds, so that each sum runs over its chunk in order, in one accumulator.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct ChunkProducts<T> : IVectorJob<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows that are centred before they are packed: 64 KiB of 512 float32 columns, which wait in the second-level cache.</summary>
    private const int BlockRows = 32;

    /// <summary>Bytes of packed rows that stay in the second-level cache while the panels of columns pass.</summary>
    private const int StripeBytes = 512 << 10;

    /// <summary>Who runs it.</summary>
    public HostEngine Host;

    /// <summary>The views.</summary>
    public Operand<T>[] Views;

    /// <summary>Columns of all views.</summary>
    public int Features;

    /// <summary>Elements from row to row of what is centred.</summary>
    public int Stride;

    /// <summary>Where products lie.</summary>
    public HalfLayout Layout;

    /// <summary>The chunks.</summary>
    public MomentChunk<T>[] Chunks;

    /// <summary>How to run.</summary>
    public RunSettings Settings;

    /// <summary>Rows of a slice: with them a panel of columns (32 KiB at 512 bits) and one of rows (12 KiB) fit the first-level cache together.</summary>
    private static int Depth => 1024 / sizeof(T);

    /// <summary>Where the products of so many columns lie at one width.</summary>
    public static HalfLayout LayoutOf(SimdWidth width, int features)
    {
        LayoutJob job = new() { Features = features };
        VectorDispatch.Run<T, LayoutJob>(width, ref job);
        return job.Layout;
    }

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        PieceJob<V> job = new() { All = this };
        Host.Run(ref job, Chunks.Length, Settings.Threads);
    }

    private struct LayoutJob : IVectorJob<T>
    {
        public int Features;
        public HalfLayout Layout;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T> => Layout = HalfLayout.Tiled(Features, MicroKernel.Rows<V, T>(), MicroKernel.Columns<V, T>());
    }

    private struct PieceJob<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public ChunkProducts<T> All;

        public readonly void Run(int piece)
        {
            MomentChunk<T> chunk = All.Chunks[piece];
            int panelRows = MicroKernel.Rows<V, T>(), panelColumns = MicroKernel.Columns<V, T>();
            T* rows = Scratch.Get<T>(ScratchSlot.PackedRows, (nint)Panels(panelRows) * panelRows * Depth);
            T* columns = Scratch.Get<T>(ScratchSlot.PackedColumns, (nint)Panels(panelColumns) * panelColumns * Depth);
            new Span<double>(chunk.Sums, All.Features).Clear();
            for (int at = 0; at < chunk.Count; at += Depth)
            {
                All.Settings.Cancellation.ThrowIfCancellationRequested();
                int depth = Math.Min(Depth, chunk.Count - at);
                Pack(chunk, at, depth, rows, columns);
                Multiply(chunk, depth, rows, columns, resume: at > 0);
            }
        }

        private readonly int Panels(int width) => (All.Features + width - 1) / width;

        /// <summary>Centres a slice block by block, and packs each block both ways while it is in the cache.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Pack(in MomentChunk<T> chunk, int at, int depth, T* rows, T* columns)
        {
            T* block = Scratch.Get<T>(ScratchSlot.MomentRows, (nint)(BlockRows + 1) * All.Stride), sums = block + ((nint)BlockRows * All.Stride);
            for (int k = 0; k < depth; k += BlockRows)
            {
                int count = Math.Min(BlockRows, depth - k);
                CentredRows<V, T>.Fill(All.Views, chunk.First + at + k, count, chunk.Centre, chunk.Scale, block, All.Stride, sums);
                for (int i = 0; i < All.Features; i++) chunk.Sums[i] += Element.ToDouble(sums[i]);
                Pack(block, count, MicroKernel.Columns<V, T>(), columns, k);
                Pack(block, count, MicroKernel.Rows<V, T>(), rows, k);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Pack(T* block, int count, int width, T* packed, int k)
        {
            for (int first = 0; first < All.Features; first += width)
            {
                PanelPacker<V, T>.Pack(
                    block + first, 1, All.Stride, Math.Min(width, All.Features - first), count, width, null, default, packed + ((nint)first * Depth) + ((nint)k * width));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Multiply(in MomentChunk<T> chunk, int depth, T* rows, T* columns, bool resume)
        {
            int panelRows = MicroKernel.Rows<V, T>(), panelColumns = MicroKernel.Columns<V, T>(), panels = Panels(panelColumns);
            int stripe = Math.Max(1, StripeBytes / (panelRows * Depth * sizeof(T))), all = Panels(panelRows);
            for (int first = 0; first < all; first += stripe)
            {
                for (int panel = first * panelRows / panelColumns; panel < panels; panel++)
                {
                    T* column = columns + ((nint)panel * panelColumns * Depth), tiles = chunk.Products + All.Layout.Start(panel);
                    int end = Math.Min(first + stripe, All.Layout.Tiles(panel));
                    for (int i = first; i < end; i++)
                    {
                        MicroKernel.Sum<V, T, DotTerm<T>>(
                            depth, rows + ((nint)i * panelRows * Depth), column, tiles + ((nint)i * panelRows * panelColumns), resume);
                    }
                }
            }
        }
    }
}
