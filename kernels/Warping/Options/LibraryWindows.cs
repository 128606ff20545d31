using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>The windows of other libraries, pair for pair as those draw them, for results that must agree with theirs.</summary>
/// <remarks>For series of one length most of them are <see cref="WarpingWindow.Radius"/>; they part ways where lengths differ. The presets of the options use them.</remarks>
public static class LibraryWindows
{
    /// <summary>dtaidistance 2: at most <paramref name="window"/> - 1 samples off the diagonal, further by the difference of the lengths on the longer series' side.</summary>
    /// <param name="window">1 or more; 1 on equal lengths is the pointwise distance.</param>
    /// <param name="maxLengthDifference">Its max_length_diff: series whose lengths differ by more have no path; null for no such limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is below 1, or the difference negative.</exception>
    public static WarpingWindow Dtaidistance(int window, int? maxLengthDifference = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLengthDifference ?? 0, nameof(maxLengthDifference));
        return new OneSidedBand(window - 1, maxLengthDifference ?? int.MaxValue);
    }

    /// <summary>The Sakoe-Chiba mask of tslearn: at most <paramref name="radius"/> samples off the diagonal, further by the difference of the lengths on the longer series' side.</summary>
    /// <param name="radius">0 or more; tslearn's default is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is negative.</exception>
    public static WarpingWindow Tslearn(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        return new OneSidedBand(radius, MostDifference: int.MaxValue);
    }

    /// <summary>The Itakura mask of tslearn: slopes scaled by the ratio of the lengths, bounds rounded to two decimals.</summary>
    /// <param name="maxSlope">1 or more; tslearn's default is 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is below 1, infinite or NaN.</exception>
    public static WarpingWindow TslearnItakura(double maxSlope)
    {
        if (!(maxSlope >= 1 && double.IsFinite(maxSlope))) throw new ArgumentOutOfRangeException(nameof(maxSlope), maxSlope, "the slope of an Itakura window is 1 or more, and finite");
        return new TslearnParallelogram(maxSlope);
    }

    /// <summary>The band of aeon: a fraction of the shorter length around a stepped diagonal.</summary>
    /// <param name="fraction">0 to 1; 1 is no window.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is outside 0 to 1, or NaN.</exception>
    public static WarpingWindow Aeon(double fraction)
    {
        if (!(fraction >= 0 && fraction <= 1)) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "a window's fraction is 0 to 1");
        return fraction == 1 ? WarpingWindow.None : new AeonBand(fraction);
    }

    /// <summary>The Itakura parallelogram of aeon, which is none for series of fewer than 3 samples or a slope that comes to less than one sample.</summary>
    /// <param name="maxSlope">0 to 1: a fraction of the shorter length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is outside 0 to 1, or NaN.</exception>
    public static WarpingWindow AeonItakura(double maxSlope)
    {
        if (!(maxSlope >= 0 && maxSlope <= 1)) throw new ArgumentOutOfRangeException(nameof(maxSlope), maxSlope, "the slope of aeon's Itakura window is 0 to 1");
        return new AeonParallelogram(maxSlope);
    }

    /// <summary>The Sakoe-Chiba window of the dtw package of R: |row - column| at most <paramref name="size"/>, never widened, so that series of different lengths may have no path.</summary>
    /// <param name="size">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public static WarpingWindow RSakoeChiba(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new PlainBand(size);
    }

    /// <summary>The Itakura window of the dtw package of R: slopes 1/2 and 2 for series of about one length.</summary>
    public static WarpingWindow RItakura { get; } = new RParallelogram();

    /// <summary>The band of librosa: less than <paramref name="radius"/> times the shorter length off the diagonal, rounded half to even, further by the difference of the lengths on the longer series' side.</summary>
    /// <param name="radius">0 to 1; librosa's default is 0.25.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is outside 0 to 1, or NaN.</exception>
    public static WarpingWindow Librosa(double radius)
    {
        if (!(radius >= 0 && radius <= 1)) throw new ArgumentOutOfRangeException(nameof(radius), radius, "a window's fraction is 0 to 1");
        return new LibrosaBand(radius);
    }

    private static RowRange OneSided(int row, int rows, int columns, int radius)
    {
        long below = (long)radius + Math.Max(0, rows - columns), above = (long)radius + Math.Max(0, columns - rows);
        return new((int)Math.Max(0, row - below), (int)Math.Min(columns, row + above + 1));
    }

    private static double RoundToHundredths(double value) => Math.Round(value * 100, MidpointRounding.ToEven) / 100;

    private sealed record OneSidedBand(int Reach, int MostDifference) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns) =>
            Math.Abs((long)rows - columns) > MostDifference ? new(0, 0) : OneSided(row, rows, columns, Reach);
    }

    private sealed record LibrosaBand(double OfShorter) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns) =>
            OneSided(row, rows, columns, (int)Math.Round(OfShorter * Math.Min(rows, columns), MidpointRounding.ToEven) - 1);
    }

    private sealed record PlainBand(int Size) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns) =>
            new((int)Math.Max(0L, (long)row - Size), (int)Math.Min(columns, (long)row + Size + 1));
    }

    private sealed record RParallelogram : WarpingWindow
    {
        internal override bool IsSymmetric => false;

        internal override RowRange Row(int row, int rows, int columns)
        {
            // As R counts, from 1: j < 2i, i <= 2j, i >= rows - 1 - 2 (columns - j), j > columns - 1 - 2 (rows - i).
            int i = row + 1;
            int first = Math.Max((i + 1) / 2, columns - (2 * (rows - i)));
            int last = Math.Min((2 * i) - 1, columns - ((rows - i) / 2));
            RowRange range = new RowRange(first - 1, last).Within(columns);
            return row == 0 ? range.WithFirst() : range;
        }
    }

    private sealed record TslearnParallelogram(double MaxSlope) : WarpingWindow
    {
        internal override bool IsSymmetric => false;

        // Both bounds of a column rise with it, so that the columns of a row are the ones between two searches.
        internal override RowRange Row(int row, int rows, int columns) =>
            new(FirstColumn(row, rows, columns, Upper), FirstColumn(row, rows, columns, Lower));

        private static int FirstColumn(int row, int rows, int columns, Func<int, int, int, double> bound)
        {
            int low = 0, high = columns;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (bound(middle, rows, columns) > row) high = middle;
                else low = middle + 1;
            }

            return low;
        }

        private double Lower(int column, int rows, int columns)
        {
            double steep = MaxSlope * rows / columns, flat = 1 / MaxSlope * rows / columns;
            return Math.Ceiling(Math.Max(RoundToHundredths(flat * column), RoundToHundredths(rows - 1 - (steep * (columns - 1)) + (steep * column))));
        }

        private double Upper(int column, int rows, int columns)
        {
            double steep = MaxSlope * rows / columns, flat = 1 / MaxSlope * rows / columns;
            return Math.Floor(Math.Min(RoundToHundredths(steep * column), RoundToHundredths(rows - 1 - (flat * (columns - 1)) + (flat * column))) + 1);
        }
    }

    private sealed record AeonBand(double OfShorter) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns)
        {
            int thickness = (int)(OfShorter * Math.Min(rows, columns));
            int steps = Math.Max(rows, columns) + 1;
            if (rows <= columns)
            {
                // The stepped diagonal gives each column a row; the row's columns are those whose row is near.
                int first = FirstStep(row - thickness, rows, steps), end = FirstStep(row + thickness + 1, rows, steps);
                return first == end ? new(0, 0) : new(Along(first, columns, steps), Along(end - 1, columns, steps) + 1);
            }
            else
            {
                int first = FirstStep(row, rows, steps), end = FirstStep(row + 1, rows, steps);
                return new RowRange(Along(first, columns, steps) - thickness, Along(end - 1, columns, steps) + thickness + 1).Within(columns);
            }
        }

        /// <summary>Where the stepped diagonal stands in a series.</summary>
        private static int Along(int step, int length, int steps) => (int)((double)step / steps * length);

        /// <summary>The first step at which the stepped diagonal has come to a sample, or behind the last step.</summary>
        private static int FirstStep(int sample, int length, int steps)
        {
            if (sample <= 0) return 0;
            if (sample >= length) return steps;
            int step = (int)((long)sample * steps / length);
            while (step > 0 && Along(step - 1, length, steps) >= sample) step--;
            while (step < steps && Along(step, length, steps) < sample) step++;
            return step;
        }
    }

    private sealed record AeonParallelogram(double MaxSlope) : WarpingWindow
    {
        internal override bool IsSymmetric => false;

        internal override RowRange Row(int row, int rows, int columns)
        {
            double samples = Math.Floor(MaxSlope * (Math.Min(rows, columns) / 100.0) * 100);
            if (rows < 3 || samples < 1) return new(0, 0);
            double steep = Math.Max(samples * ((columns - 1.0) / (rows - 2.0)), 1);
            double flat = Math.Min(1 / samples * ((columns - 2.0) / (rows - 1.0)), 1);
            int lower = Lower(row), upper = (int)Math.Floor(Math.Min(
                RoundToHundredths((steep * row) + 1), RoundToHundredths((flat * (row - rows + 1)) + columns)));
            if (steep == 1 && columns <= rows) upper = lower + 1;
            if (steep == 1 && columns > rows && row < rows - 1) upper = Lower(row + 1);
            return new RowRange(lower, upper).Within(columns);

            int Lower(int i) => (int)Math.Ceiling(Math.Max(
                RoundToHundredths(flat * i), RoundToHundredths((steep * (i - rows + 1)) + columns - 1)));
        }
    }
}
