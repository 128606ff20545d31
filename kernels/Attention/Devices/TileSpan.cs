using ILGPU;

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
    private long _kept;
    private long _keptStep;
    private int _hasMask;

    /// <summary>Keys of a block of query rows, in the group's part of all keys: the prefix, then those that positions permit.</summary>
    /// <param name="place">The group's place.</param>
    /// <param name="shape">Sizes and rules.</param>
    /// <param name="rows">Rows of the block.</param>
    public static TileSpan OfKeys(AttentionPlace place, AttentionShape shape, int rows)
    {
        int count = Math.Min(place.First + rows, place.QueryRows);
        KeyRange first = AttentionPlace.RangeOf(place, shape, place.First / shape.GroupSize);
        KeyRange last = AttentionPlace.RangeOf(place, shape, Math.Max(count - 1, 0) / shape.GroupSize);

        int from = place.Split * shape.SplitKeys, until = Math.Min(from + shape.SplitKeys, place.Keys);
        TileSpan span = default;
        span._prefix = place.Problem.Prefix;
        span._low = first.Low & -shape.BlockAlign;
        span.Start = Math.Max(place.Problem.Prefix > 0 ? 0 : span._low, from);
        span.End = place.First < count ? Math.Min(Math.Max(last.High, place.Problem.Prefix), until) : 0;
        span._hasMask = shape.HasMask;
        span._kept = shape.Kept.At(place.Item, place.KeyHead, place.First / rows, 0);
        span._keptStep = shape.Kept.Column;
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
        span.Start = isSeenByAll ? 0 : ((int)Math.Min(low, queries) * shape.GroupSize) & -shape.BlockAlign;
        span.End = place.First >= end || (low >= queries && !isSeenByAll) ? 0 : (int)(isSeenByAll ? queries : Math.Max(high, 0)) * shape.GroupSize;
        span._hasMask = shape.HasMask;
        span._kept = shape.Kept.At(place.Item, place.KeyHead, 0, place.First / rows);
        span._keptStep = shape.Kept.Row;
        return span;
    }

    /// <summary>Where the next block begins, at <paramref name="row"/> or behind it, of which position and mask leave anything; the end or more where there is none.</summary>
    /// <param name="span">The rows.</param>
    /// <param name="row">Where the block before ended.</param>
    /// <param name="columns">Rows of a block.</param>
    /// <param name="kept">Not 0 for blocks of which the mask keeps something; any valid view where there is no mask.</param>
    public static int Next(TileSpan span, int row, int columns, ArrayView<byte> kept)
    {
        int next = After(span, row);
        if (span._hasMask == 0) return next;
        while (next < span.End && kept[span._kept + (next / columns * span._keptStep)] == 0) next = After(span, next + columns);
        return next;
    }

    private static int After(TileSpan span, int row) => row >= span._prefix && row < span._low ? span._low : row;
}
