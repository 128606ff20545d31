namespace FusionKernels.Kernels.Attention;

/// <summary>The keys of one query that its position permits: Low and more, below High. Device code may call all of it.</summary>
/// <param name="Low">The first key.</param>
/// <param name="High">The key after the last; Low where there is none.</param>
internal readonly record struct KeyRange(int Low, int High)
{
    /// <summary>The keys round a position.</summary>
    /// <param name="position">Where the query stands among the keys.</param>
    /// <param name="left">Keys before it that it sees.</param>
    /// <param name="right">Keys after it that it sees.</param>
    /// <param name="keys">Keys that are there.</param>
    public static KeyRange Round(long position, long left, long right, long keys)
    {
        long low = Math.Min(Math.Max(position - left, 0), keys), high = Math.Min(Math.Max(position + right + 1, 0), keys);
        return new((int)low, (int)Math.Max(low, high));
    }

    /// <summary>Whether a key is in the range, or among the first ones that every query sees.</summary>
    public bool Shows(int key, int prefix) => (key >= Low && key < High) || key < prefix;
}
