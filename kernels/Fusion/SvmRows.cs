using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Rows of a Gram matrix between the rows of one problem, widened and gathered when first asked for; the oldest give way beyond the room there is.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class SvmRows<T>
    where T : unmanaged
{
    /// <summary>Room for gathered rows: all of a problem of 8000 rows.</summary>
    private const long Room = 512L << 20;

    private readonly Operand<T> _gram;
    private readonly int[] _rows;
    private readonly int _length;
    private readonly double _ridge;
    private readonly double[][] _slots;
    private readonly int[] _owner;
    private readonly int[] _slotOf;
    private int _next;

    /// <summary>Rows of nothing yet.</summary>
    /// <param name="gram">The Gram matrix of all rows.</param>
    /// <param name="rows">The rows of the problem.</param>
    /// <param name="padding">What a row's length is a multiple of.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    public SvmRows(Operand<T> gram, int[] rows, int padding, double ridge)
    {
        (_gram, _rows, _ridge) = (gram, rows, ridge);
        _length = (rows.Length + padding - 1) / padding * padding;
        int count = (int)Math.Clamp(Room / (sizeof(double) * Math.Max(1L, _length)), 3, Math.Max(3, rows.Length));
        _slots = new double[count][];
        _owner = new int[count];
        Array.Fill(_owner, -1);
        _slotOf = new int[rows.Length];
        Array.Fill(_slotOf, -1);
    }

    /// <summary>Elements of a row, with its padding.</summary>
    public int Length => _length;

    /// <summary>The diagonal, padded with zeros.</summary>
    public double[] Diagonal()
    {
        double[] diagonal = new double[_length];
        for (int i = 0; i < _rows.Length; i++) diagonal[i] = Element.ToDouble(_gram.Pointer[(_rows[i] * _gram.RowStride) + (_rows[i] * _gram.ColumnStride)]) + _ridge;
        return diagonal;
    }

    /// <summary>One row; it stays until two others have been asked for.</summary>
    public double[] this[int row]
    {
        get
        {
            if (_slotOf[row] >= 0) return _slots[_slotOf[row]];
            int slot = _next++ % _slots.Length;
            if (_owner[slot] >= 0) _slotOf[_owner[slot]] = -1;
            (_owner[slot], _slotOf[row]) = (row, slot);
            double[] values = _slots[slot] ??= new double[_length];
            T* source = _gram.Pointer + (_rows[row] * _gram.RowStride);
            for (int j = 0; j < _rows.Length; j++) values[j] = Element.ToDouble(source[_rows[j] * _gram.ColumnStride]);
            values[row] += _ridge;
            return values;
        }
    }
}
