using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Columns of a symmetric matrix that is given whole.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="matrix">size x size.</param>
internal sealed class GivenColumns<T>(Tensor<T> matrix) : IColumnSource
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public int Size => checked((int)matrix.Lengths[0]);

    /// <inheritdoc/>
    public double Epsilon => Kernels.Simd.Epsilon.Of<T>();

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
        double value = double.CreateChecked(matrix[row, column]);
        return double.IsFinite(value) ? value : throw new ArgumentException($"the matrix is not finite at [{row}, {column}]: remove the row and its column");
    }
}
