using ILGPU;

namespace FusionKernels.Kernels.Correlation;

/// <summary>(x - centre) * scale of float32 rows of one view in float64, written beside the other views'.</summary>
/// <remarks>As <see cref="CentreKernel"/>: a group owns a row. Rows of float64 have that kernel.</remarks>
internal static class WidenKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="rows">Memory of the view.</param>
    /// <param name="centre">Centres of all views' columns, and behind them their scales.</param>
    /// <param name="target">Receives all views' rows, side by side.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run(ArrayView<float> rows, ArrayView<double> centre, ArrayView<double> target, CentreShape shape)
    {
        int row = shape.First + Grid.IdxX;
        long from = shape.Offset + (row * shape.RowStride), to = ((long)row * shape.Features) + shape.Column;
        for (int c = Group.IdxX; c < shape.Columns; c += Group.DimX)
        {
            int column = shape.Column + c;
            target[to + c] = (rows[from + (c * shape.ColumnStride)] - centre[column]) * centre[shape.Features + column];
        }
    }
}
