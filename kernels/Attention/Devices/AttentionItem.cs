namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>One problem of the many in a launch: what is there of one item, as a kernel reads it.</summary>
internal struct AttentionItem
{
    /// <summary>Queries that are there.</summary>
    public int Queries;

    /// <summary>Keys that are there.</summary>
    public int Keys;

    /// <summary>Where query 0 stands among the keys.</summary>
    public int Position;

    /// <summary>The first keys that every query sees.</summary>
    public int Prefix;

    /// <summary>The items of a problem.</summary>
    public static AttentionItem[] Of(AttentionProblem problem)
    {
        AttentionItem[] items = new AttentionItem[problem.Batch];
        for (int item = 0; item < items.Length; item++)
        {
            items[item] = new() { Queries = problem.QueryHeads == 0 ? 0 : problem.Queries, Keys = problem.KeysOf(item), Position = problem.PositionOf(item, 0), Prefix = problem.PrefixOf(item) };
        }

        return items;
    }
}
