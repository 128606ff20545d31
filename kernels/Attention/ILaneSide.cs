namespace FusionKernels.Kernels.Attention;

/// <summary>What lies in the lanes of a block, and what in its rows.</summary>
internal interface ILaneSide
{
    /// <summary>Whether queries lie in the lanes and keys in the rows.</summary>
    static abstract bool OfQueries { get; }
}

/// <summary>Queries in the lanes: sums over keys run down the rows.</summary>
internal readonly struct QueryLanes : ILaneSide
{
    public static bool OfQueries => true;
}

/// <summary>Keys in the lanes: sums over queries run down the rows.</summary>
internal readonly struct KeyLanes : ILaneSide
{
    public static bool OfQueries => false;
}
