using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Places matrices in working memory: scaled by a power of two, framed by zeros, an identity beside them.</summary>
/// <remarks>A thread places element after element, as many further on as there are threads; no barrier.</remarks>
internal static class JacobiPlaceKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="source">Memory of the matrices.</param>
    /// <param name="target">Memory they go to.</param>
    /// <param name="powers">The exponent of the power of two of each matrix; not read where the shape has none.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="identity">What stands on the diagonal of the identity.</param>
    public static void Run<V, T>(ArrayView<T> source, ArrayView<T> target, ArrayView<T> powers, JacobiPlaceShape shape, T identity)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long threads = (long)Grid.DimX * Group.DimX;
        for (long place = ((long)Grid.IdxX * Group.DimX) + Group.IdxX; place < shape.Elements; place += threads)
        {
            long line = place / shape.TargetColumns, matrix = line / shape.TargetRows;
            int targetRow = (int)(line - (matrix * shape.TargetRows)), targetColumn = (int)(place - (line * shape.TargetColumns));
            int row = targetRow - shape.FirstRow, column = targetColumn - shape.FirstColumn;
            V element = V.Constant(0);
            if (row >= 0 && row < shape.Rows && column >= 0)
            {
                if (column >= shape.Columns)
                {
                    if (column - shape.Columns == row) element = V.Broadcast(identity);
                }
                else
                {
                    int sourceRow = row, sourceColumn = column;
                    if (shape.IsLower != 0 && column > row)
                    {
                        sourceRow = column;
                        sourceColumn = row;
                    }

                    long from = shape.Source.Offset + (matrix * shape.Source.BatchStride)
                        + (sourceRow * shape.Source.RowStride) + (sourceColumn * shape.Source.ColumnStride);
                    element = V.Broadcast(source[from]);
                    if (shape.HasPowers != 0) element = V.ScaleByPowerOfTwo(element, V.Broadcast(powers[matrix]));
                }
            }

            target.Cast<V>()[shape.Target.Offset + (matrix * shape.Target.BatchStride)
                + (targetRow * shape.Target.RowStride) + (targetColumn * shape.Target.ColumnStride)] = element;
        }
    }
}
