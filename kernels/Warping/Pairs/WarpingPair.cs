using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>One pair of series, laid out for vectors that run along the anti-diagonals of its alignment table; or its given point costs.</summary>
/// <remarks>
/// <para>Consecutive lanes hold consecutive columns of rows that go up: lane l of a vector at (row, column) is the cell
/// (row - l, column + l). So what belongs to rows is stored backwards, what belongs to columns forwards and what belongs to
/// column - row, which grows by two from lane to lane, in two tables, one of even and one of odd differences.</para>
/// <para>All of it lies in the thread's working memory, until the thread lays out its next pair.</para>
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct WarpingPair<T>
    where T : unmanaged
{
    /// <summary>Elements that may be read before the first and behind the last of every table: the lanes of one strip.</summary>
    public const int Padding = 64;

    private readonly T* _rows;
    private readonly T* _columns;
    private readonly T* _lags;
    private readonly nint _rowTable;
    private readonly nint _columnTable;
    private readonly nint _lagTable;

    private WarpingPair(WarpingProblem problem, int rows, int columns, int channels, bool hasStepValues, bool hasLags)
    {
        (Problem, Rows, Columns, Channels) = (problem, rows, columns, channels);
        int tables = channels + (hasStepValues ? 1 : 0);
        _rowTable = rows + (2 * Padding);
        _columnTable = columns + (2 * Padding);
        _lagTable = hasLags ? ((rows + columns) / 2) + (2 * Padding) + 4 : 0;
        nint samples = tables * (_rowTable + _columnTable);
        T* memory = Scratch.Get<T>(ScratchSlot.PairOperands, samples + (2 * _lagTable) + rows + columns + 2);
        for (nint k = 0; k < samples; k++) memory[k] = default;
        _rows = memory + Padding;
        _columns = memory + (tables * _rowTable) + Padding;
        _lags = memory + samples + Padding + (rows / 2) + 2;
        Top = memory + samples + (2 * _lagTable) + 1;
        Left = Top + columns + 1;
        if (hasLags) FillLags();
    }

    /// <summary>What is computed.</summary>
    public WarpingProblem Problem { get; }

    /// <summary>The length of x.</summary>
    public int Rows { get; }

    /// <summary>The length of y.</summary>
    public int Columns { get; }

    /// <summary>Channels of a sample.</summary>
    public int Channels { get; }

    /// <summary>The cells before the first row: -1, which is the corner, to columns - 1. Infinity where no path begins.</summary>
    public T* Top { get; }

    /// <summary>The cells before the first column: -1, which is the corner, to rows - 1. Infinity where no path begins.</summary>
    public T* Left { get; }

    /// <summary>Given point costs; null where they follow from samples.</summary>
    public T* GivenCosts { get; private init; }

    /// <summary>Elements from one row of given costs to the next.</summary>
    public nint GivenRowStride { get; private init; }

    /// <summary>Elements from one column of given costs to the next.</summary>
    public nint GivenColumnStride { get; private init; }

    /// <summary>Elements from one channel of x to the next.</summary>
    public nint RowStride => _rowTable;

    /// <summary>Elements from one channel of y to the next.</summary>
    public nint ColumnStride => _columnTable;

    /// <summary>Where a vector at that row finds the first channel of x; <see cref="RowStride"/> on the next.</summary>
    public T* X(nint row) => _rows + (Rows - 1 - row);

    /// <summary>Where a vector at that column finds the first channel of y; <see cref="ColumnStride"/> on the next.</summary>
    public T* Y(nint column) => _columns + column;

    /// <summary>Where a vector at that row finds the values of rows.</summary>
    public T* RowValues(nint row) => X(row) + (Channels * _rowTable);

    /// <summary>Where a vector at that column finds the values of columns.</summary>
    public T* ColumnValues(nint column) => Y(column) + (Channels * _columnTable);

    /// <summary>Where a vector at that difference of its first lane finds the values of |column - row|.</summary>
    public T* Lags(nint difference) => _lags + ((difference & 1) * _lagTable) + (difference >> 1);

    /// <summary>Lays out two series.</summary>
    /// <param name="problem">What is computed.</param>
    /// <param name="x">The series of the rows, prepared for the problem.</param>
    /// <param name="i">Which one of them.</param>
    /// <param name="y">The series of the columns, prepared likewise.</param>
    /// <param name="j">Which one of them.</param>
    /// <param name="border">What stands before the first row and column.</param>
    /// <param name="hasLags">Whether values of |row - column| are read.</param>
    public static WarpingPair<T> Of(WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, WarpingBorder border, bool hasLags)
    {
        WarpingPair<T> pair = new(problem, x.Lengths[i], y.Lengths[j], x.Channels, x.StepValues is not null, hasLags);
        ReadOnlySpan<T> rows = x[i], columns = y[j];
        for (int c = 0; c < pair.Channels; c++)
        {
            T* target = pair.X(0) + (c * pair.RowStride);
            for (int row = c; row < rows.Length; row += pair.Channels) *target-- = rows[row];
            target = pair.Y(0) + (c * pair.ColumnStride);
            for (int column = c; column < columns.Length; column += pair.Channels) *target++ = columns[column];
        }

        if (x.StepValues is not null)
        {
            Span<T> values = new(pair.RowValues(pair.Rows - 1), pair.Rows);
            x.StepValues.AsSpan(x.Starts[i], pair.Rows).CopyTo(values);
            values.Reverse();
            y.StepValues.AsSpan(y.Starts[j], pair.Columns).CopyTo(new(pair.ColumnValues(0), pair.Columns));
        }

        pair.FillBorders(border, BorderValues(x, i), BorderValues(y, j));
        return pair;
    }

    /// <summary>Takes point costs as they are.</summary>
    /// <param name="problem">What is computed, of a recurrence that reads point costs alone.</param>
    /// <param name="costs">Rows x columns, 0 or more.</param>
    /// <param name="data">The first of them.</param>
    /// <param name="border">What stands before the first row and column.</param>
    /// <param name="hasLags">Whether values of |row - column| are read.</param>
    public static WarpingPair<T> OfCosts(WarpingProblem problem, in Operand<T> costs, T* data, WarpingBorder border, bool hasLags)
    {
        WarpingPair<T> pair = new(problem, costs.Rows, costs.Columns, 0, false, hasLags)
        {
            GivenCosts = data,
            GivenRowStride = (nint)costs.RowStride,
            GivenColumnStride = (nint)costs.ColumnStride,
        };
        pair.FillBorders(border, default, default);
        return pair;
    }

    private static ReadOnlySpan<T> BorderValues(SeriesPack<T> series, int index) =>
        series.BorderValues is { } values ? values.AsSpan(series.Starts[index], series.Lengths[index]) : default;

    private void FillLags()
    {
        int lags = Math.Max(Rows, Columns);
        T* values = Scratch.Get<T>(ScratchSlot.PairStrip, lags);
        SeriesPreparation.FillLags(Problem, Rows, Columns, new Span<T>(values, lags));
        nint before = Padding + (Rows / 2) + 2;
        for (nint half = -before; half < _lagTable - before; half++)
        {
            _lags[half] = values[Math.Min(nint.Abs(2 * half), lags - 1)];
            _lags[_lagTable + half] = values[Math.Min(nint.Abs((2 * half) + 1), lags - 1)];
        }
    }

    private void FillBorders(WarpingBorder border, ReadOnlySpan<T> rows, ReadOnlySpan<T> columns)
    {
        FillBorder(border, Top, columns, Columns, Problem.Ends.BeginY);
        FillBorder(border, Left, rows, Rows, Problem.Ends.BeginX);
    }

    private static void FillBorder(WarpingBorder border, T* target, ReadOnlySpan<T> given, int length, int open)
    {
        target[-1] = default;
        for (int k = 0; k < length; k++)
        {
            target[k] = border switch
            {
                WarpingBorder.Wall => Element.Of<T>(k < open ? 0 : double.PositiveInfinity),
                WarpingBorder.Given => given[k],
                _ => default,
            };
        }
    }
}
