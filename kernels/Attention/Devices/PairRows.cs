namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The four query rows of a thread's pairs.</summary>
internal struct PairRows
{
    /// <summary>The first.</summary>
    public PairRow X;

    /// <summary>The second.</summary>
    public PairRow Y;

    /// <summary>The third.</summary>
    public PairRow Z;

    /// <summary>The fourth.</summary>
    public PairRow W;

    /// <summary>Four rows from one on.</summary>
    public static PairRows Of(AttentionPlace place, AttentionShape shape, int row) => new()
    {
        X = PairRow.Of(place, shape, row),
        Y = PairRow.Of(place, shape, row + 1),
        Z = PairRow.Of(place, shape, row + 2),
        W = PairRow.Of(place, shape, row + 3),
    };
}
