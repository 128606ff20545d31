namespace FusionKernels.Kernels.Fusion;

/// <summary>Rows of a Gram matrix between the rows of one problem, gathered when first asked for; the oldest give way beyond the room there is.</summary>
internal abstract class SvmRows
{
    /// <summary>Room for gathered rows: all of a problem of 8000 rows.</summary>
    private const long Room = 512L << 20;

    private readonly double _ridge;
    private readonly double[][] _slots;
    private readonly int[] _owner;
    private readonly int[] _slotOf;
    private int _next;

    /// <summary>Rows of nothing yet.</summary>
    /// <param name="rows">The rows of the problem.</param>
    /// <param name="padding">What a row's length is a multiple of.</param>
    /// <param name="ridge">Added to the diagonal.</param>
    protected SvmRows(int[] rows, int padding, double ridge)
    {
        (Rows, _ridge) = (rows, ridge);
        Length = (rows.Length + padding - 1) / padding * padding;
        int count = (int)Math.Clamp(Room / (sizeof(double) * Math.Max(1L, Length)), 3, Math.Max(3, rows.Length));
        _slots = new double[count][];
        _owner = new int[count];
        Array.Fill(_owner, -1);
        _slotOf = new int[rows.Length];
        Array.Fill(_slotOf, -1);
    }

    /// <summary>Elements of a row, with its padding.</summary>
    public int Length { get; }

    /// <summary>The rows of the problem.</summary>
    protected int[] Rows { get; }

    /// <summary>The diagonal, padded with zeros.</summary>
    public double[] Diagonal()
    {
        double[] diagonal = new double[Length];
        for (int i = 0; i < Rows.Length; i++) diagonal[i] = OnDiagonal(i) + _ridge;
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
            double[] values = _slots[slot] ??= new double[Length];
            Gather(row, values);
            values[row] += _ridge;
            return values;
        }
    }

    /// <summary>One element of the diagonal.</summary>
    protected abstract double OnDiagonal(int row);

    /// <summary>Writes one row; what pads it stays 0.</summary>
    protected abstract void Gather(int row, double[] values);
}
