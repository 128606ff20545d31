using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Columns of a symmetric matrix that is given whole.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="matrix">size x size in host memory.</param>
internal sealed unsafe class GivenColumns<T>(Operand<T> matrix) : IColumnSource
    where T : unmanaged
{
    /// <inheritdoc/>
    public int Size => matrix.Rows;

    /// <inheritdoc/>
    public double Epsilon => Simd.Epsilon.Of<T>();

    /// <inheritdoc/>
    public void Diagonal(Span<double> diagonal)
    {
        for (int i = 0; i < diagonal.Length; i++) diagonal[i] = Value(i, i);
    }

    /// <inheritdoc/>
    public void Columns(ReadOnlySpan<int> pivots, Span<double> columns)
    {
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < pivots.Length; j++) columns[(i * pivots.Length) + j] = Value(i, pivots[j]);
        }
    }

    private double Value(int row, int column)
    {
        double value = Element.ToDouble(matrix.Pointer[(row * matrix.RowStride) + (column * matrix.ColumnStride)]);
        return double.IsFinite(value) ? value : throw new ArgumentException($"the matrix is not finite at [{row}, {column}]: remove the row and its column");
    }
}
