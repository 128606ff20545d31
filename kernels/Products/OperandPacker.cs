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
    private T* _operand;
    private long _rowStride;
    private long _featureStride;
    private int _rows;
    private int _depth;
    private int _panel;
    private T* _centre;
    private T _scale;
    private T* _packed;
    private CancellationToken _cancellation;

    /// <summary>Some left rows of a product, into panels of the micro-kernel's rows.</summary>
    public static OperandPacker<V, T> OfRows(in TiledProduct<T> product, int first, int rows, T* packed, CancellationToken cancellation) => Of(
        product, product.X + (first * product.XRowStride), product.XRowStride, product.XFeatureStride, rows, MicroKernel.Rows<V, T>(), packed, cancellation);

    /// <summary>Some right rows of a product, into panels of the micro-kernel's columns.</summary>
    public static OperandPacker<V, T> OfColumns(in TiledProduct<T> product, int first, int columns, T* packed, CancellationToken cancellation) => Of(
        product, product.Y + (first * product.YRowStride), product.YRowStride, product.YFeatureStride, columns, MicroKernel.Columns<V, T>(), packed, cancellation);

    private static OperandPacker<V, T> Of(
        in TiledProduct<T> product, T* operand, long rowStride, long featureStride, int rows, int panel, T* packed, CancellationToken cancellation) => new()
        {
            _operand = operand,
            _rowStride = rowStride,
            _featureStride = featureStride,
            _rows = rows,
            _depth = product.Depth,
            _panel = panel,
            _centre = product.Centre,
            _scale = product.Scale,
            _packed = packed,
            _cancellation = cancellation,
        };

    /// <summary>Elements of whole panels.</summary>
    public static nint PackedLength(int rows, int depth, int panel) => (nint)Count(rows, panel) * panel * depth;

    /// <summary>Packs the operand.</summary>
    public readonly void Run(HostEngine engine, int threads)
    {
        OperandPacker<V, T> job = this;
        (int panels, int depth) = HostBlocking.PackingPiece(_rowStride);
        engine.Run(ref job, Count(Count(_rows, _panel), panels) * Count(_depth, depth), threads);
    }

    /// <summary>Packs some features of some panels.</summary>
    readonly void IParallelJob.Run(int piece)
    {
        _cancellation.ThrowIfCancellationRequested();
        (int panelsOfPiece, int depthOfPiece) = HostBlocking.PackingPiece(_rowStride);
        int stretches = Count(_depth, depthOfPiece), step = HostBlocking.PackingStep(_rowStride);
        int first = piece / stretches * panelsOfPiece * _panel, end = Math.Min(first + (panelsOfPiece * _panel), _rows);
        int k = piece % stretches * depthOfPiece, depthEnd = Math.Min(k + depthOfPiece, _depth);
        for (; k < depthEnd; k += step)
        {
            for (int row = first; row < end; row += _panel)
            {
                PanelPacker<V, T>.Pack(
                    _operand + (row * _rowStride) + (k * _featureStride),
                    _rowStride,
                    _featureStride,
                    Math.Min(_panel, end - row),
                    Math.Min(step, depthEnd - k),
                    _panel,
                    _centre is null ? null : _centre + k,
                    _scale,
                    _packed + ((nint)row * _depth) + ((nint)k * _panel));
            }
        }
    }

    private static int Count(int extent, int width) => (extent + width - 1) / width;
}
