using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Correlation;

/// <summary>(x - centre) * scale of rows of one view, written beside the other views'.</summary>
/// <remarks>A group owns a row; its threads take every so manieth column, side by side. No shared memory.</remarks>
internal static class CentreKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 128;

    /// <summary>The kernel.</summary>
    /// <param name="rows">Memory of the view.</param>
    /// <param name="centre">Centres of all views' columns, and behind them their scales.</param>
    /// <param name="target">Receives all views' rows, side by side.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run<V, T>(ArrayView<T> rows, ArrayView<T> centre, ArrayView<T> target, CentreShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int row = shape.First + Grid.IdxX;
        long from = shape.Offset + (row * shape.RowStride), to = ((long)row * shape.Features) + shape.Column;
        for (int c = Group.IdxX; c < shape.Columns; c += Group.DimX)
        {
            int column = shape.Column + c;
            V difference = V.Broadcast(rows[from + (c * shape.ColumnStride)]) - V.Broadcast(centre[column]);
            target.Cast<V>()[to + c] = difference * V.Broadcast(centre[shape.Features + column]);
        }
    }
}

/// <summary>Sizes and places of one view's rows, as a kernel argument.</summary>
internal struct CentreShape
{
    /// <summary>The view's first element.</summary>
    public long Offset;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>The first row that this launch takes.</summary>
    public int First;

    /// <summary>The view's first column among those of all views.</summary>
    public int Column;

    /// <summary>Columns of the view.</summary>
    public int Columns;

    /// <summary>Columns of all views.</summary>
    public int Features;
}
