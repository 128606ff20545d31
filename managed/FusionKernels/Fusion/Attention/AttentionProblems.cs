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
        if (q.Rank != k.Rank) throw Misfit(operation, $"q has {q.Rank} dimensions, k has {k.Rank}: both need the same");
        if (q.Batch != k.Batch) throw Misfit(operation, $"q has a batch of {q.Batch}, k of {k.Batch}: both need the same");
        if (q.Columns != k.Columns) throw Misfit(operation, $"q is {q.Columns} wide, k is {k.Columns}: queries and keys need the same width");
        RequireWidth(q.Columns, "q", operation);
        RequireWidth(valueWidth, "v", operation);
        if (q.Heads > 0 && (k.Heads == 0 || q.Heads % k.Heads != 0)) throw Misfit(operation, $"q has {q.Heads} heads, k has {k.Heads}: the key heads must divide the query heads");
        double scale = options.Scale ?? 1 / Math.Sqrt(q.Columns);
        Require(double.IsFinite(scale), nameof(options.Scale), scale, "a finite number", operation);
        Require(double.IsFinite(options.SoftCap) && options.SoftCap >= 0, nameof(options.SoftCap), options.SoftCap, "a finite number of 0 or more", operation);
        Require(options.WindowLeft is not < 0, nameof(options.WindowLeft), options.WindowLeft, "0 or more keys", operation);
        Require(options.WindowRight is not < 0, nameof(options.WindowRight), options.WindowRight, "0 or more keys", operation);
        Require(options.Prefix >= 0, nameof(options.Prefix), options.Prefix, "0 or more keys", operation);
        Require(Enum.IsDefined(options.Causal), nameof(options.Causal), options.Causal, "a known alignment", operation);
        Require(options.Dropout is >= 0 and < 1, nameof(options.Dropout), options.Dropout, "a probability of 0 to below 1", operation);
        return new()
        {
            Batch = q.Batch,
            QueryHeads = q.Heads,
            KeyHeads = k.Heads,
            Queries = q.Rows,
            Keys = k.Rows,
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
            KeyLengths = KeyLengthsOf(options, q.Batch, k.Rows, operation),
            Slopes = SlopesOf(options, q.Heads, operation),
        };
    }

    /// <summary>Requires values that fit their keys.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void RequireValues<T>(in HeadsRef<T> k, in HeadsRef<T> v, string operation)
        where T : unmanaged
    {
        if (k.Rank != v.Rank || k.Batch != v.Batch) throw Misfit(operation, $"k has {k.Rank} dimensions and a batch of {k.Batch}, v has {v.Rank} and {v.Batch}: both need the same");
        if (k.Heads != v.Heads) throw Misfit(operation, $"k has {k.Heads} heads, v has {v.Heads}: both need the same");
        if (k.Rows != v.Rows) throw Misfit(operation, $"k has {k.Rows} keys, v has {v.Rows} values: both need the same length");
    }

    /// <summary>Requires a tensor of the output's shape.</summary>
    /// <exception cref="ArgumentException">It has another.</exception>
    public static void RequireOutput<T>(in HeadsRef<T> output, in HeadsRef<T> q, int valueWidth, string name, string operation)
        where T : unmanaged
    {
        if (output.Rank == q.Rank && output.Batch == q.Batch && output.Heads == q.Heads && output.Rows == q.Rows && output.Columns == valueWidth) return;
        throw Misfit(
            operation,
            $"{name} has {output.Rank} dimensions: batch {output.Batch}, {output.Heads} heads, length {output.Rows}, width {output.Columns}; {q.Rank} are needed: batch {q.Batch}, {q.Heads} heads, length {q.Rows}, width {valueWidth}");
    }

    /// <summary>An argument that does not fit.</summary>
    public static ArgumentException Misfit(string operation, string what) => new($"{operation}: {what}");

    private static int[]? KeyLengthsOf(AttentionOptions options, int batch, int keys, string operation)
    {
        if (options.KeyLengths is not { } lengths) return null;
        if (lengths.Count != batch) throw Misfit(operation, $"{lengths.Count} key lengths for a batch of {batch}: one for each item is needed");
        for (int item = 0; item < batch; item++)
        {
            if (lengths[item] < 0 || lengths[item] > keys) throw Misfit(operation, $"the key length of item {item} is {lengths[item]}; 0 to {keys} keys are there");
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

    private static void RequireWidth(int width, string name, string operation)
    {
        if (width is < 1 or > AttentionProblem.WidestHead) throw Misfit(operation, $"{name} is {width} wide; widths of 1 to {AttentionProblem.WidestHead} are supported");
    }

    private static void Require(bool holds, string option, object? value, string needed, string operation)
    {
        if (!holds) throw Misfit(operation, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option} is {value}; {needed} is needed"));
    }
}
