using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <summary>From tensors and options to the problem that the kernels take: every argument is checked here, before any work.</summary>
internal static class AttentionProblems
{
    /// <summary>The problem of queries against keys of some value width.</summary>
    /// <exception cref="ArgumentException">Shapes or options do not fit.</exception>
    public static AttentionProblem Of<T>(in HeadsRef<T> q, in HeadsRef<T> k, int valueWidth, AttentionOptions options, string operation)
        where T : unmanaged
    {
        if (q.Rank != k.Rank) throw Misfit(operation, $"q has {q.Rank} dimensions, k has {k.Rank}: both need the same; {Both("q", q, "k", k)}");
        if (q.Batch != k.Batch) throw Misfit(operation, $"q has a batch of {q.Batch}, k of {k.Batch}: both need the same; {Both("q", q, "k", k)}");
        if (q.Columns != k.Columns) throw Misfit(operation, $"q is {q.Columns} wide, k is {k.Columns}: queries and keys need the same width; {Both("q", q, "k", k)}");
        if (!Divides(k.Heads, q.Heads)) throw Misfit(operation, $"q has {q.Heads} heads, k has {k.Heads}: the key heads must divide the query heads; {Both("q", q, "k", k)}");
        return Of(q, k.Heads, k.Rows, valueWidth, options, operation) with { KeyLengths = KeyLengthsOf(options, k, operation) };
    }

    /// <summary>The problem of queries against all that a cache holds.</summary>
    /// <exception cref="ArgumentException">Shapes or options do not fit.</exception>
    public static AttentionProblem OfCache<T>(in HeadsRef<T> q, KeyValueCache<T> cache, AttentionOptions options, string operation)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (q.Rank != 4) throw Misfit(operation, $"q has {q.Rank} dimensions; sequences x query heads x queries x width is needed, q is {q.Words}");
        if (q.Batch != cache.Sequences) throw Misfit(operation, $"q has a batch of {q.Batch}, the cache {cache.Sequences} sequences: both need the same; {Both(q, cache)}");
        if (q.Columns != cache.Width) throw Misfit(operation, $"q is {q.Columns} wide, the cache's keys are {cache.Width}: queries and keys need the same width; {Both(q, cache)}");
        if (!Divides(cache.Heads, q.Heads)) throw Misfit(operation, $"q has {q.Heads} heads, k has {cache.Heads}: the key heads must divide the query heads; {Both(q, cache)}");
        if (options.KeyLengths is not null) throw Misfit(operation, $"{nameof(options.KeyLengths)} is set; the cache knows how many keys there are");
        if (options.Storage != AttentionStorage.Element && options.Storage != cache.Storage) throw Misfit(operation, $"{nameof(options.Storage)} is {options.Storage}; the cache stores {cache.Storage}");
        if (options.Route == AttentionRoute.Unfused) throw new NotSupportedException($"{operation}: a cache is read fused; leave the option {nameof(options.Route)} at {AttentionRoute.Auto}");
        int[] lengths = cache.Pages.Lengths.ToArray();
        return Of(q, cache.Heads, lengths.Max(), cache.ValueWidth, options, operation) with { KeyLengths = lengths, Storage = cache.Storage };
    }

    private static AttentionProblem Of<T>(in HeadsRef<T> q, int keyHeads, int keys, int valueWidth, AttentionOptions options, string operation)
        where T : unmanaged
    {
        RequireWidth(q.Columns, "q", operation);
        RequireWidth(valueWidth, "v", operation);
        double scale = options.Scale ?? 1 / Math.Sqrt(q.Columns);
        Require(double.IsFinite(scale), nameof(options.Scale), scale, "a finite number", operation);
        Require(double.IsFinite(options.SoftCap) && options.SoftCap >= 0, nameof(options.SoftCap), options.SoftCap, "a finite number of 0 or more", operation);
        Require(options.WindowLeft is not < 0, nameof(options.WindowLeft), options.WindowLeft, "0 or more keys", operation);
        Require(options.WindowRight is not < 0, nameof(options.WindowRight), options.WindowRight, "0 or more keys", operation);
        Require(options.Prefix >= 0, nameof(options.Prefix), options.Prefix, "0 or more keys", operation);
        Require(Enum.IsDefined(options.Causal), nameof(options.Causal), options.Causal, "a known alignment", operation);
        Require(Enum.IsDefined(options.Storage), nameof(options.Storage), options.Storage, "a known format", operation);
        Require(Enum.IsDefined(options.Route), nameof(options.Route), options.Route, "a known route", operation);
        Require(options.Dropout is >= 0 and < 1, nameof(options.Dropout), options.Dropout, "a probability of 0 to below 1", operation);
        return new()
        {
            Batch = q.Batch,
            QueryHeads = q.Heads,
            KeyHeads = keyHeads,
            Queries = q.Rows,
            Keys = keys,
            Width = q.Columns,
            ValueWidth = valueWidth,
            Scale = scale,
            SoftCap = options.SoftCap,
            Causal = options.Causal,
            WindowLeft = options.WindowLeft ?? AttentionProblem.Unbounded,
            WindowRight = options.WindowRight ?? AttentionProblem.Unbounded,
            Prefix = options.Prefix,
            Dropout = options.Dropout,
            Seed = options.Seed,
            Storage = options.Storage,
            Route = options.Route,
            Slopes = SlopesOf(options, q.Heads, operation),
        };
    }

    /// <summary>The problem of sequences packed one after the other: total x heads x width.</summary>
    /// <exception cref="ArgumentException">Shapes, cumulative lengths or options do not fit.</exception>
    public static AttentionProblem OfPacked<T>(
        in HeadsRef<T> q, in HeadsRef<T> k, int valueWidth, IReadOnlyList<int> queryStarts, IReadOnlyList<int> keyStarts, AttentionOptions options, string operation)
        where T : unmanaged
    {
        if (q.Rank != 3) throw Misfit(operation, $"q has {q.Rank} dimensions; packed sequences are total x heads x width, q is {q.Words}");
        if (options.KeyLengths is not null) throw Misfit(operation, $"{nameof(options.KeyLengths)} is set; the cumulative lengths of the keys say how many there are");
        AttentionProblem whole = Of(q, k, valueWidth, options, operation);
        if (queryStarts.Count != keyStarts.Count) throw Misfit(operation, $"{queryStarts.Count} cumulative lengths of queries, {keyStarts.Count} of keys: both need the same number of sequences; {Both("q", q, "k", k)}");
        int[] queryLengths = LengthsOf(queryStarts, q, "queries", "q", operation), keyLengths = LengthsOf(keyStarts, k, "keys", "k", operation);
        return whole with
        {
            Batch = queryLengths.Length,
            Queries = queryLengths.DefaultIfEmpty().Max(),
            Keys = keyLengths.DefaultIfEmpty().Max(),
            QueryLengths = queryLengths,
            KeyLengths = keyLengths,
            QueryStarts = [.. queryStarts],
            KeyStarts = [.. keyStarts],
        };
    }

    /// <summary>Requires values that fit their keys.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void RequireValues<T>(in HeadsRef<T> k, in HeadsRef<T> v, string operation)
        where T : unmanaged
    {
        if (k.Rank != v.Rank || k.Batch != v.Batch) throw Misfit(operation, $"k has {k.Rank} dimensions and a batch of {k.Batch}, v has {v.Rank} and {v.Batch}: both need the same; {Both("k", k, "v", v)}");
        if (k.Heads != v.Heads) throw Misfit(operation, $"k has {k.Heads} heads, v has {v.Heads}: both need the same; {Both("k", k, "v", v)}");
        if (k.Rows != v.Rows) throw Misfit(operation, $"k has {k.Rows} keys, v has {v.Rows} values: both need the same length; {Both("k", k, "v", v)}");
    }

    /// <summary>Requires a tensor of the output's shape.</summary>
    /// <exception cref="ArgumentException">It has another.</exception>
    public static void RequireOutput<T>(in HeadsRef<T> output, in HeadsRef<T> q, int valueWidth, string name, string operation)
        where T : unmanaged
    {
        if (output.Rank == q.Rank && output.Batch == q.Batch && output.Heads == q.Heads && output.Rows == q.Rows && output.Columns == valueWidth) return;
        throw Misfit(
            operation,
            $"{name} has {output.Rank} dimensions: batch {output.Batch}, {output.Heads} heads, length {output.Rows}, width {output.Columns}; {q.Rank} are needed: batch {q.Batch}, {q.Heads} heads, length {q.Rows}, width {valueWidth}; {Both(name, output, "q", q)}");
    }

    /// <summary>An argument that does not fit.</summary>
    public static ArgumentException Misfit(string operation, string what) => new($"{operation}: {what}");

    /// <summary>Requires a width within the limits.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void RequireWidth(int width, string name, string operation)
    {
        if (width is < 1 or > AttentionProblem.WidestHead) throw Misfit(operation, $"{name} is {width} wide; widths of 1 to {AttentionProblem.WidestHead} are supported");
    }

    private static bool Divides(int keyHeads, int heads) => heads == 0 || (keyHeads > 0 && heads % keyHeads == 0);

    /// <summary>Two shapes in words.</summary>
    private static string Both<T>(string firstName, in HeadsRef<T> first, string secondName, in HeadsRef<T> second)
        where T : unmanaged => $"{firstName} is {first.Words}, {secondName} is {second.Words}";

    /// <summary>The shape of queries, and those of a cache's sequences.</summary>
    private static string Both<T>(in HeadsRef<T> q, KeyValueCache<T> cache)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        $"q is {q.Words}, the cache holds {cache.Sequences} sequences of {cache.Heads} heads, keys {cache.Width} and values {cache.ValueWidth} wide";

    private static int[] LengthsOf<T>(IReadOnlyList<int> starts, in HeadsRef<T> rows, string what, string name, string operation)
        where T : unmanaged
    {
        if (starts.Count == 0 || starts[0] != 0) throw Misfit(operation, $"the cumulative lengths of {what} begin with {(starts.Count == 0 ? "nothing" : starts[0])}; 0 is needed, and then the end of each sequence; {name} is {rows.Words}");
        int[] lengths = new int[starts.Count - 1];
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = starts[i + 1] - starts[i];
            if (starts[i + 1] < starts[i]) throw Misfit(operation, $"the cumulative lengths of {what} go backwards: {starts[i + 1]} at place {i + 1} follows {starts[i]}; {name} is {rows.Words}");
        }

        if (starts[^1] != rows.Rows) throw Misfit(operation, $"the cumulative lengths of {what} end at {starts[^1]}; {rows.Rows} rows are there: {name} is {rows.Words}");
        return lengths;
    }

    private static int[]? KeyLengthsOf<T>(AttentionOptions options, in HeadsRef<T> k, string operation)
        where T : unmanaged
    {
        if (options.KeyLengths is not { } lengths) return null;
        if (lengths.Count != k.Batch) throw Misfit(operation, $"{lengths.Count} key lengths for a batch of {k.Batch}: one for each item is needed; k is {k.Words}");
        for (int item = 0; item < k.Batch; item++)
        {
            if (lengths[item] < 0 || lengths[item] > k.Rows) throw Misfit(operation, $"the key length of item {item} is {lengths[item]}; 0 to {k.Rows} keys are there: k is {k.Words}");
        }

        return [.. lengths];
    }

    private static double[]? SlopesOf(AttentionOptions options, int heads, string operation)
    {
        if (options.AlibiSlopes is not { } slopes) return null;
        if (slopes.Count != heads) throw Misfit(operation, $"{slopes.Count} ALiBi slopes for {heads} query heads: one for each is needed");
        foreach (double slope in slopes) Require(double.IsFinite(slope), nameof(options.AlibiSlopes), slope, "finite numbers", operation);
        return [.. slopes];
    }

    private static void Require(bool holds, string option, object? value, string needed, string operation)
    {
        if (!holds) throw Misfit(operation, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option} is {value}; {needed} is needed"));
    }
}
