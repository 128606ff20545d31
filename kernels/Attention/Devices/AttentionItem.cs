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

    /// <summary>The row of its first query, where items are packed; else 0.</summary>
    public int FirstQuery;

    /// <summary>The row of its first key, likewise.</summary>
    public int FirstKey;

    /// <summary>The number of its first page, where keys lie in pages; else 0.</summary>
    public int FirstPage;

    /// <summary>Rows that it has among the keys, whether they are there or not.</summary>
    public int KeyRows;

    /// <summary>The items of a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="pages">The number of each item's first page; null where there are none.</param>
    public static AttentionItem[] Of(AttentionProblem problem, int[]? pages)
    {
        AttentionItem[] items = new AttentionItem[problem.Batch];
        for (int item = 0; item < items.Length; item++)
        {
            items[item] = new()
            {
                Queries = problem.QueryHeads == 0 ? 0 : problem.QueriesOf(item),
                Keys = problem.KeysOf(item),
                Position = problem.PositionOf(item, 0),
                Prefix = problem.PrefixOf(item),
                FirstQuery = problem.QueryStarts?[item] ?? 0,
                FirstKey = problem.KeyStarts?[item] ?? 0,
                FirstPage = pages?[item] ?? 0,
                KeyRows = problem.KeyRowsOf(item),
            };
        }

        return items;
    }
}
