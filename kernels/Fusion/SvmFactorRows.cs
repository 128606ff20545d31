using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Rows of F Fᵀ, made of a factor when they are asked for; every sum in the order of the factor's columns, whatever the width.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal sealed unsafe class SvmFactorRows<V> : SvmRows
    where V : unmanaged, IHostVector<V, double>
{
    private readonly double[] _columns;
    private readonly int _rank;

    /// <summary>Takes the problem's rows of the factor, column by column.</summary>
    /// <param name="factor">all rows x rank.</param>
    /// <param name="rows">The rows of the problem.</param>
    /// <param name="padding">What a row's length is a multiple of.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    public SvmFactorRows(Operand<double> factor, int[] rows, int padding, double ridge)
        : base(rows, padding, ridge)
    {
        _rank = factor.Columns;
        _columns = new double[checked(_rank * Length)];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int k = 0; k < _rank; k++) _columns[(k * Length) + i] = factor.Pointer[(rows[i] * factor.RowStride) + (k * factor.ColumnStride)];
        }
    }

    /// <inheritdoc/>
    protected override double OnDiagonal(int row)
    {
        double sum = 0;
        for (int k = 0; k < _rank; k++) sum += _columns[(k * Length) + row] * _columns[(k * Length) + row];
        return sum;
    }

    /// <inheritdoc/>
    protected override void Gather(int row, double[] values)
    {
        Array.Clear(values);
        fixed (double* columns = _columns, sums = values)
        {
            for (int k = 0; k < _rank; k++)
            {
                double* column = columns + ((long)k * Length);
                V own = V.Broadcast(column[row]);
                for (int j = 0; j < Length; j += V.Count) V.Store(V.Load(sums + j) + (own * V.Load(column + j)), sums + j);
            }
        }
    }
}
