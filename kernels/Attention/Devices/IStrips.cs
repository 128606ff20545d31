namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>How many strips of the result's columns, each as wide as the tile, a thread keeps in registers; wider results are several groups' work.</summary>
internal interface IStrips
{
    /// <summary>1, 2 or 4; folds at compile time.</summary>
    static abstract int Count { get; }
}

/// <summary>One strip.</summary>
internal readonly struct OneStrip : IStrips
{
    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>Two strips.</summary>
internal readonly struct TwoStrips : IStrips
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>Four strips.</summary>
internal readonly struct FourStrips : IStrips
{
    /// <inheritdoc/>
    public static int Count => 4;
}
