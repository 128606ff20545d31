using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Which samples an alignment may match: a region of the rows x columns table of pairs. Immutable.</summary>
/// <remarks>Rows are the samples of x, columns those of y, both counted from 0.</remarks>
public abstract partial record WarpingWindow
{
    private protected WarpingWindow()
    {
    }

    /// <summary>Every pair: the default.</summary>
    public static WarpingWindow None { get; } = new Everything();

    /// <summary>Whether it is more than a range of columns for each row, so that <see cref="Allows"/> must be asked for each cell.</summary>
    internal virtual bool HasHoles => false;

    /// <summary>Whether exchanging the series exchanges the region's rows and columns, so that distances are the same both ways.</summary>
    internal virtual bool IsSymmetric => true;

    /// <summary>|row - column| at most <paramref name="samples"/>, widened by the difference of the lengths so that a path exists (Sakoe and Chiba 1978).</summary>
    /// <param name="samples">0 or more; 0 on equal lengths is the pointwise distance.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static WarpingWindow Radius(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return new RadiusWindow(samples);
    }

    /// <summary>As <see cref="Radius"/>, with that fraction of the shorter length, rounded down.</summary>
    /// <param name="ofShorter">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is outside 0 to 1, or NaN.</exception>
    public static WarpingWindow Fraction(double ofShorter)
    {
        if (!(ofShorter >= 0 && ofShorter <= 1)) throw new ArgumentOutOfRangeException(nameof(ofShorter), ofShorter, "a window's fraction is 0 to 1");
        return new FractionWindow(ofShorter);
    }

    /// <summary>Throws where the window is made for series of other lengths.</summary>
    /// <exception cref="ArgumentException">It is a mask of another shape.</exception>
    internal virtual void RequireFits(int rows, int columns)
    {
    }

    /// <summary>The columns of a row that may be matched; all of them unless <see cref="HasHoles"/>.</summary>
    /// <param name="row">The row.</param>
    /// <param name="rows">The length of x.</param>
    /// <param name="columns">The length of y.</param>
    internal abstract RowRange Row(int row, int rows, int columns);

    /// <summary>Whether a pair may be matched.</summary>
    internal virtual bool Allows(int row, int column, int rows, int columns)
    {
        RowRange range = Row(row, rows, columns);
        return column >= range.First && column < range.End;
    }

    private sealed record Everything : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns) => new(0, columns);
    }

    private sealed record RadiusWindow(int Samples) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns) => Around(row, Samples, rows, columns);
    }

    private sealed record FractionWindow(double OfShorter) : WarpingWindow
    {
        internal override RowRange Row(int row, int rows, int columns) => Around(row, (int)(OfShorter * Math.Min(rows, columns)), rows, columns);
    }

    private static RowRange Around(int row, int radius, int rows, int columns)
    {
        // In long: a radius may be any int.
        long reach = Math.Max(radius, Math.Abs((long)rows - columns));
        return new((int)Math.Max(0, row - reach), (int)Math.Min(columns, row + reach + 1));
    }
}
