using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>Packs all rows of an operand into panels, shared by the workers.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct OperandPacker<V, T> : IParallelJob
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>The operand's first element.</summary>
    public T* Operand;

    /// <summary>Elements from row to row.</summary>
    public long RowStride;

    /// <summary>Elements from feature to feature.</summary>
    public long FeatureStride;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Features.</summary>
    public int Depth;

    /// <summary>Rows of a panel.</summary>
    public int Panel;

    /// <summary>What is subtracted from each feature; null for nothing.</summary>
    public T* Centre;

    /// <summary>What every centred feature is multiplied by; unused without a centre.</summary>
    public T Scale;

    /// <summary>Room for <see cref="PackedLength"/> elements.</summary>
    public T* Packed;

    /// <summary>Ends the work between two of its pieces.</summary>
    public CancellationToken Cancellation;

    /// <summary>Some left rows of a product, into panels of the micro-kernel's rows.</summary>
    public static OperandPacker<V, T> OfRows(in TiledProduct<T> product, int first, int rows, T* packed, CancellationToken cancellation) => Of(
        product, product.X + (first * product.XRowStride), product.XRowStride, product.XFeatureStride, rows, MicroKernel.Rows<V, T>(), packed, cancellation);

    /// <summary>Some right rows of a product, into panels of the micro-kernel's columns.</summary>
    public static OperandPacker<V, T> OfColumns(in TiledProduct<T> product, int first, int columns, T* packed, CancellationToken cancellation) => Of(
        product, product.Y + (first * product.YRowStride), product.YRowStride, product.YFeatureStride, columns, MicroKernel.Columns<V, T>(), packed, cancellation);

    private static OperandPacker<V, T> Of(
        in TiledProduct<T> product, T* operand, long rowStride, long featureStride, int rows, int panel, T* packed, CancellationToken cancellation) => new()
        {
            Operand = operand,
            RowStride = rowStride,
            FeatureStride = featureStride,
            Rows = rows,
            Depth = product.Depth,
            Panel = panel,
            Centre = product.Centre,
            Scale = product.Scale,
            Packed = packed,
            Cancellation = cancellation,
        };

    /// <summary>Elements of whole panels.</summary>
    public static nint PackedLength(int rows, int depth, int panel) => (nint)Count(rows, panel) * panel * depth;

    /// <summary>Packs the operand.</summary>
    public readonly void Run(HostEngine engine, int threads)
    {
        OperandPacker<V, T> job = this;
        (int panels, int depth) = HostBlocking.PackingPiece(RowStride);
        engine.Run(ref job, Count(Count(Rows, Panel), panels) * Count(Depth, depth), threads);
    }

    /// <summary>Packs some features of some panels.</summary>
    readonly void IParallelJob.Run(int piece)
    {
        Cancellation.ThrowIfCancellationRequested();
        (int panelsOfPiece, int depthOfPiece) = HostBlocking.PackingPiece(RowStride);
        int stretches = Count(Depth, depthOfPiece), step = HostBlocking.PackingStep(RowStride);
        int first = piece / stretches * panelsOfPiece * Panel, end = Math.Min(first + (panelsOfPiece * Panel), Rows);
        int k = piece % stretches * depthOfPiece, depthEnd = Math.Min(k + depthOfPiece, Depth);
        for (; k < depthEnd; k += step)
        {
            for (int row = first; row < end; row += Panel)
            {
                PanelPacker<V, T>.Pack(
                    Operand + (row * RowStride) + (k * FeatureStride),
                    RowStride,
                    FeatureStride,
                    Math.Min(Panel, end - row),
                    Math.Min(step, depthEnd - k),
                    Panel,
                    Centre is null ? null : Centre + k,
                    Scale,
                    Packed + ((nint)row * Depth) + ((nint)k * Panel));
            }
        }
    }

    private static int Count(int extent, int width) => (extent + width - 1) / width;
}
