namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>One query row of a thread's pairs.</summary>
internal struct PairRow
{
    /// <summary>The query head.</summary>
    public int Head;

    /// <summary>The query.</summary>
    public int Query;

    /// <summary>Whether it is there: 1, else 0.</summary>
    public int IsThere;

    /// <summary>A row of a group's queries.</summary>
    public static PairRow Of(AttentionPlace place, AttentionShape shape, int row) => new()
    {
        Head = (place.KeyHead * shape.GroupSize) + (row % shape.GroupSize),
        Query = row / shape.GroupSize,
        IsThere = row < place.QueryRows ? 1 : 0,
    };

    /// <summary>Where the row's log-sum-exp stands among those of all.</summary>
    public static long IndexOf(PairRow row, AttentionPlace place, AttentionShape shape) =>
        (place.Item * shape.ItemRows) + (row.Head * shape.HeadRows) + place.Problem.FirstQuery + row.Query;
}
