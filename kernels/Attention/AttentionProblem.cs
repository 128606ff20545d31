namespace FusionKernels.Kernels.Attention;

/// <summary>What is attended to and how, without the elements: shape, scaling and the masks that are structure.</summary>
internal sealed record class AttentionProblem
{
    /// <summary>Window bound of a side that has none.</summary>
    public const int Unbounded = int.MaxValue;

    /// <summary>Positions are compared as float32 numbers, which are exact so far.</summary>
    public const int LongestLength = 1 << 24;

    /// <summary>The widest query, key or value.</summary>
    public const int WidestHead = 512;

    /// <summary>Items of the batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Heads of queries and of the output.</summary>
    public required int QueryHeads { get; init; }

    /// <summary>Heads of keys and values; divides <see cref="QueryHeads"/>.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Queries of one head; of the longest item, where lengths differ.</summary>
    public required int Queries { get; init; }

    /// <summary>Keys of one head; of the longest item of packed ones.</summary>
    public required int Keys { get; init; }

    /// <summary>Features of a query and a key.</summary>
    public required int Width { get; init; }

    /// <summary>Features of a value.</summary>
    public required int ValueWidth { get; init; }

    /// <summary>Factor of the dot products.</summary>
    public required double Scale { get; init; }

    /// <summary>Scores become cap tanh(score / cap); 0 for none.</summary>
    public double SoftCap { get; init; }

    /// <summary>Whether keys after a query are masked, and where queries stand.</summary>
    public CausalAlignment Causal { get; init; }

    /// <summary>How many keys before its own position a query sees.</summary>
    public int WindowLeft { get; init; } = Unbounded;

    /// <summary>How many keys after its own position a query sees.</summary>
    public int WindowRight { get; init; } = Unbounded;

    /// <summary>The first keys that every query sees, wherever it stands.</summary>
    public int Prefix { get; init; }

    /// <summary>Keys of each item of the batch that are there; null for all.</summary>
    public int[]? KeyLengths { get; init; }

    /// <summary>Queries of each item of the batch; null where all have <see cref="Queries"/>.</summary>
    public int[]? QueryLengths { get; init; }

    /// <summary>Where each item's queries begin among rows packed one item after the other, and where the last end; null where items are apart by a stride.</summary>
    public int[]? QueryStarts { get; init; }

    /// <summary>The same of keys and values.</summary>
    public int[]? KeyStarts { get; init; }

    /// <summary>What a score loses for each position between query and key, by query head; null for nothing.</summary>
    public double[]? Slopes { get; init; }

    /// <summary>The probability with which a weight is dropped, 0 to below 1.</summary>
    public double Dropout { get; init; }

    /// <summary>What decides which weights are dropped.</summary>
    public ulong Seed { get; init; }

    /// <summary>How it is to be computed.</summary>
    public AttentionRoute Route { get; init; }

    /// <summary>How queries, keys and values are stored.</summary>
    public AttentionStorage Storage { get; init; }

    /// <summary>Which weights are kept.</summary>
    public DropoutRule DropoutRule => DropoutRule.Of(Dropout, Seed);

    /// <summary>What a weight that is kept is multiplied by.</summary>
    public double KeepScale => 1 / (1 - Dropout);

    /// <summary>Query heads that share one key head.</summary>
    public int GroupSize => KeyHeads == 0 ? 1 : QueryHeads / KeyHeads;

    /// <summary>Whether a query's own position may mask a pair.</summary>
    public bool HasBands => Causal != CausalAlignment.None || WindowLeft != Unbounded || WindowRight != Unbounded;

    /// <summary>Whether position or lengths alone may mask a pair.</summary>
    public bool HasStructure => HasBands || KeyLengths is not null || QueryLengths is not null;

    /// <summary>Keys of one item that are there.</summary>
    public int KeysOf(int item) => KeyLengths is null ? Keys : KeyLengths[item];

    /// <summary>Rows that one item has among the keys, whether they are there or not.</summary>
    public int KeyRowsOf(int item) => KeyStarts is null ? Keys : KeysOf(item);

    /// <summary>Queries of one item.</summary>
    public int QueriesOf(int item) => QueryLengths is null ? Queries : QueryLengths[item];

    /// <summary>Rows of queries of one head over all items.</summary>
    public long AllQueries => QueryStarts is null ? (long)Batch * Queries : QueryStarts[^1];

    /// <summary>Rows of keys of one head over all items.</summary>
    public long AllKeys => KeyStarts is null ? (long)Batch * Keys : KeyStarts[^1];

    /// <summary>Where a query stands among the keys.</summary>
    public int PositionOf(int item, int query) => Causal == CausalAlignment.BottomRight ? query + KeysOf(item) - QueriesOf(item) : query;

    /// <summary>The first keys of one item that every query sees.</summary>
    public int PrefixOf(int item) => Math.Min(Prefix, KeysOf(item));

    /// <summary>The keys that a query's position permits, the prefix aside; both bounds grow with the query.</summary>
    public KeyRange RangeOf(int item, int query)
    {
        long keys = KeysOf(item), position = PositionOf(item, query);
        long right = Causal == CausalAlignment.None ? WindowRight : 0;
        return KeyRange.Round(position, WindowLeft, right, keys);
    }

    /// <summary>Whether structure lets a query see a key.</summary>
    public bool IsVisible(int item, int query, int key) => RangeOf(item, query).Shows(key, PrefixOf(item));

    /// <summary>The keys that any of some queries may see.</summary>
    public KeyRange SpanOf(int item, int firstQuery, int queryEnd)
    {
        int prefix = PrefixOf(item);
        int low = prefix > 0 ? 0 : RangeOf(item, firstQuery).Low;
        return new(low, Math.Max(low, Math.Max(prefix, RangeOf(item, queryEnd - 1).High)));
    }

    /// <summary>What structure leaves of a block; at least one query and one key.</summary>
    public BlockKind Classify(int item, int firstQuery, int queryEnd, int firstKey, int keyEnd)
    {
        KeyRange first = RangeOf(item, firstQuery), last = RangeOf(item, queryEnd - 1);
        int prefix = PrefixOf(item);
        if (keyEnd <= prefix || (last.Low <= firstKey && keyEnd <= first.High)) return BlockKind.Full;
        bool isOutside = firstKey >= last.High || keyEnd <= first.Low;
        return isOutside && firstKey >= prefix ? BlockKind.Empty : BlockKind.Partial;
    }

    /// <summary>Pairs of a query and a key that structure leaves, over all heads and items.</summary>
    public double Pairs
    {
        get
        {
            if (!HasStructure) return (double)Batch * QueryHeads * Queries * Keys;
            double pairs = 0;
            int alike = KeyLengths is null && QueryLengths is null ? 1 : Batch;
            for (int item = 0; item < Math.Min(alike, Batch); item++)
            {
                for (int query = 0; query < QueriesOf(item); query++)
                {
                    KeyRange range = RangeOf(item, query);
                    pairs += range.High - range.Low + Math.Min(PrefixOf(item), range.Low) + Math.Max(0, PrefixOf(item) - range.High);
                }
            }

            return pairs * QueryHeads * (Batch / (double)Math.Max(1, alike));
        }
    }
}
