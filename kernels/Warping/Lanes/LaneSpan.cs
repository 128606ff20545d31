namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>The columns of one or more rows' windows over all lanes.</summary>
/// <param name="Low">The first column of any.</param>
/// <param name="InnerLow">The first column of all; not below <paramref name="Low"/>.</param>
/// <param name="InnerHigh">Behind the last column of all.</param>
/// <param name="High">Behind the last column of any.</param>
internal readonly record struct LaneSpan(int Low, int InnerLow, int InnerHigh, int High)
{
    /// <summary>No column at all: what a union begins from.</summary>
    public static LaneSpan None => new(int.MaxValue, 0, int.MaxValue, 0);

    /// <summary>The columns of both.</summary>
    public LaneSpan With(LaneSpan other) => new(
        Math.Min(Low, other.Low),
        Math.Max(InnerLow, other.InnerLow),
        Math.Min(InnerHigh, other.InnerHigh),
        Math.Max(High, other.High));

    /// <summary>The columns of both, where the other is one range for some lanes.</summary>
    public LaneSpan With(RowRange range) => range.First < range.End
        ? With(new LaneSpan(range.First, range.First, range.End, range.End))
        : this with { InnerHigh = 0 };
}
