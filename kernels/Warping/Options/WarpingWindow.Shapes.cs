using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>Windows that follow the slope of the two lengths, and any other.</content>
public abstract partial record WarpingWindow
{
    /// <summary>
    /// At most <paramref name="samples"/> columns from the line between the corners, whatever the lengths: |column - row * columns / rows|,
    /// both counted from 1, as the slanted band of the dtw package of R. The first pair always belongs to it.
    /// </summary>
    /// <remarks>The distance is measured along y, so that for different lengths exchanging the series changes the region.</remarks>
    /// <param name="samples">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static WarpingWindow Slanted(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return new SlantedWindow(samples);
    }

    /// <summary>The parallelogram between the corners whose sides rise by <paramref name="maxSlope"/> and by its inverse (Itakura 1975), in units of the lengths.</summary>
    /// <remarks>
    /// With r = row / (rows - 1) and c = column / (columns - 1), both 0 to 1: c and r are within a factor of <paramref name="maxSlope"/>
    /// of each other, and so are 1 - c and 1 - r. A slope near 1 may leave no path between series of different lengths.
    /// </remarks>
    /// <param name="maxSlope">1 or more; 2 is the usual choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is below 1, infinite or NaN.</exception>
    public static WarpingWindow Itakura(double maxSlope)
    {
        if (!(maxSlope >= 1 && double.IsFinite(maxSlope))) throw new ArgumentOutOfRangeException(nameof(maxSlope), maxSlope, "the slope of an Itakura window is 1 or more, and finite");
        return new ItakuraWindow(maxSlope);
    }

    /// <summary>The pairs where a mask is true.</summary>
    /// <param name="mask">rows x columns: the lengths of the series it is used for. It is copied.</param>
    /// <exception cref="ArgumentException">The mask is empty. A call with series of other lengths throws, too.</exception>
    public static WarpingWindow Custom(bool[,] mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.Length == 0) throw new ArgumentException($"the mask is {mask.GetLength(0)} x {mask.GetLength(1)}: give at least one row and one column", nameof(mask));
        return new CustomWindow((bool[,])mask.Clone());
    }

    private sealed record SlantedWindow(int Samples) : WarpingWindow
    {
        internal override bool IsSymmetric => false;

        internal override RowRange Row(int row, int rows, int columns)
        {
            double diagonal = (row + 1.0) * columns / rows;
            RowRange range = new RowRange((int)Math.Ceiling(diagonal - Samples) - 1, (int)Math.Min(columns, Math.Floor(diagonal + Samples))).Within(columns);
            return row == 0 ? range.WithFirst() : range;
        }
    }

    private sealed record ItakuraWindow(double MaxSlope) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns)
        {
            if (rows == 1) return new(0, columns);

            // A pair on the very edge belongs to the region, though rounding may put it a hair outside.
            const double Edge = 1e-9;
            double done = row / (rows - 1.0), left = 1 - done, last = columns - 1.0;
            double upper = Math.Min(MaxSlope * done * last, last - (left / MaxSlope * last));
            double lower = Math.Max(done / MaxSlope * last, last - (MaxSlope * left * last));
            return new RowRange((int)Math.Ceiling(lower - Edge), (int)Math.Floor(upper + Edge) + 1).Within(columns);
        }
    }

    private sealed record CustomWindow : WarpingWindow
    {
        private readonly bool[,] _mask;
        private readonly RowRange[] _rows;

        public CustomWindow(bool[,] mask)
        {
            _mask = mask;
            _rows = new RowRange[mask.GetLength(0)];
            for (int row = 0; row < _rows.Length; row++)
            {
                int first = int.MaxValue, end = 0, count = 0;
                for (int column = 0; column < mask.GetLength(1); column++)
                {
                    if (!mask[row, column]) continue;
                    (first, end, count) = (Math.Min(first, column), column + 1, count + 1);
                }

                _rows[row] = count == 0 ? new(0, 0) : new(first, end);
                HasHoles |= count > 0 && count < end - first;
            }

            IsSymmetric = IsItsTranspose(mask);
        }

        internal override bool HasHoles { get; }

        internal override bool IsSymmetric { get; }

        internal override void RequireFits(int rows, int columns)
        {
            if (rows == _rows.Length && columns == _mask.GetLength(1)) return;
            throw new ArgumentException($"a window's mask is {_rows.Length} x {_mask.GetLength(1)}, the series have {rows} and {columns} samples: a mask fits series of one pair of lengths");
        }

        internal override RowRange Row(int row, int rows, int columns)
        {
            RequireFits(rows, columns);
            return _rows[row];
        }

        internal override bool Allows(int row, int column, int rows, int columns)
        {
            RequireFits(rows, columns);
            return _mask[row, column];
        }

        private static bool IsItsTranspose(bool[,] mask)
        {
            if (mask.GetLength(0) != mask.GetLength(1)) return false;
            for (int row = 0; row < mask.GetLength(0); row++)
            {
                for (int column = 0; column < row; column++)
                {
                    if (mask[row, column] != mask[column, row]) return false;
                }
            }

            return true;
        }
    }
}
