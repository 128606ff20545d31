namespace FusionKernels;

/// <summary>How many samples an alignment may leave out at the ends of either series, at no cost (psi relaxation).</summary>
/// <param name="BeginX">Samples of x that may be left out at its begin.</param>
/// <param name="EndX">Samples of x that may be left out at its end.</param>
/// <param name="BeginY">Samples of y that may be left out at its begin.</param>
/// <param name="EndY">Samples of y that may be left out at its end.</param>
/// <remarks>
/// An alignment begins in the first row or the first column, and ends in the last row or the last column: at each end samples
/// of one of the series are left out, not of both.
/// </remarks>
public readonly record struct WarpingEnds(int BeginX, int EndX, int BeginY, int EndY)
{
    /// <summary>Both series are aligned from their first to their last sample: the default.</summary>
    public static WarpingEnds Closed => default;

    /// <summary>y may be left out at its begin, as far as need be.</summary>
    public static WarpingEnds OpenBegin => new(0, 0, int.MaxValue, 0);

    /// <summary>y may be left out at its end, as far as need be.</summary>
    public static WarpingEnds OpenEnd => new(0, 0, 0, int.MaxValue);

    /// <summary>The whole of x is found somewhere in y.</summary>
    public static WarpingEnds Subsequence => new(0, 0, int.MaxValue, int.MaxValue);

    /// <summary>Whether nothing may be left out.</summary>
    public bool IsClosed => this == default;

    /// <summary>At most so many samples may be left out at any end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static WarpingEnds Relaxed(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return new(samples, samples, samples, samples);
    }
}
