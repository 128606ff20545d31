namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A candidate with its alignment's end value and what is made of it.</summary>
/// <param name="Distance">The finished value.</param>
/// <param name="Position">The window's first sample, or the series' number.</param>
/// <param name="EndValue">The value before its last step.</param>
internal readonly record struct SearchMatch(double Distance, int Position, double EndValue) : IComparable<SearchMatch>
{
    /// <summary>The nearer one first, then the one in front.</summary>
    public int CompareTo(SearchMatch other)
    {
        int byDistance = Distance.CompareTo(other.Distance);
        return byDistance != 0 ? byDistance : Position.CompareTo(other.Position);
    }
}
