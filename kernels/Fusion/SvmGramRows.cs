using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Rows of a stored matrix, widened.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="gram">The Gram matrix of all rows.</param>
/// <param name="rows">The rows of the problem.</param>
/// <param name="padding">What a row's length is a multiple of.</param>
/// <param name="ridge">Added to the diagonal.</param>
internal sealed unsafe class SvmGramRows<T>(Operand<T> gram, int[] rows, int padding, double ridge) : SvmRows(rows, padding, ridge)
    where T : unmanaged
{
    private readonly Operand<T> _gram = gram;

    /// <inheritdoc/>
    protected override double OnDiagonal(int row) => Element.ToDouble(_gram.Pointer[(Rows[row] * _gram.RowStride) + (Rows[row] * _gram.ColumnStride)]);

    /// <inheritdoc/>
    protected override void Gather(int row, double[] values)
    {
        T* source = _gram.Pointer + (Rows[row] * _gram.RowStride);
        for (int j = 0; j < Rows.Length; j++) values[j] = Element.ToDouble(source[Rows[j] * _gram.ColumnStride]);
    }
}
