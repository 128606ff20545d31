namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The rows of the other side that a group's block may have to do with, from which blocks are taken one after the other.</summary>
internal struct TileSpan
{
    /// <summary>The first row.</summary>
    public int Start;

    /// <summary>The row after the last.</summary>
    public int End;

    private int _prefix;
    private int _low;

    /// <summary>Keys of a block of query rows, in the group's part of all keys: the prefix, then those that positions permit.</summary>
    /// <param name="place">The group's place.</param>
    /// <param name="shape">Sizes and rules.</param>
    /// <param name="rows">Rows of the block.</param>
    public static TileSpan OfKeys(AttentionPlace place, AttentionShape shape, int rows)
    {
        int count = Math.Min(place.First + rows, place.QueryRows);
        KeyRange first = AttentionPlace.RangeOf(place, shape, place.First / shape.GroupSize);
        KeyRange last = AttentionPlace.RangeOf(place, shape, Math.Max(count - 1, 0) / shape.GroupSize);

        // Dropout draws a word for each of four keys at once, so blocks begin at multiples of four.
        int from = place.Split * shape.SplitKeys, until = Math.Min(from + shape.SplitKeys, place.Keys);
        TileSpan span = default;
        span._prefix = place.Problem.Prefix;
        span._low = first.Low & ~3;
        span.Start = Math.Max(place.Problem.Prefix > 0 ? 0 : span._low, from);
        span.End = place.First < count ? Math.Min(Math.Max(last.High, place.Problem.Prefix), until) : 0;
        if (span.Start >= span._prefix && span.Start < span._low) span.Start = span._low;
        return span;
    }

    /// <summary>Query rows that may see a key of a block.</summary>
    /// <inheritdoc cref="OfKeys"/>
    public static TileSpan OfQueries(AttentionPlace place, AttentionShape shape, int rows)
    {
        long queries = place.QueryRows / shape.GroupSize, end = Math.Min(place.First + rows, place.Keys);
        long low = Math.Max(0, (long)place.First - shape.WindowRight - place.Problem.Position);
        long high = Math.Min(queries, end + shape.WindowLeft - place.Problem.Position);
        bool isSeenByAll = place.First < place.Problem.Prefix;
        TileSpan span = default;
        span.Start = isSeenByAll ? 0 : (int)Math.Min(low, queries) * shape.GroupSize;
        span.End = place.First >= end ? 0 : (int)(isSeenByAll ? queries : Math.Max(high, 0)) * shape.GroupSize;
        return span;
    }

    /// <summary>Where the block after one begins that ends at <paramref name="row"/>.</summary>
    public static int After(TileSpan span, int row) => row >= span._prefix && row < span._low ? span._low : row;
}
