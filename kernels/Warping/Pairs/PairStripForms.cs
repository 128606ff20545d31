namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>What the inner loop over an alignment table's strips is compiled for: constants that fold.</summary>
internal interface IPairStripForm
{
    /// <summary>Vectors above one another, 1 or 4: independent chains that hide each other's latency.</summary>
    static abstract int Groups { get; }

    /// <summary>Whether every vector is kept.</summary>
    static abstract bool Records { get; }
}

/// <summary>Four vectors.</summary>
internal readonly struct FourGroups : IPairStripForm
{
    /// <inheritdoc/>
    public static int Groups => 4;

    /// <inheritdoc/>
    public static bool Records => false;
}

/// <summary>Four vectors that are kept.</summary>
internal readonly struct FourRecordedGroups : IPairStripForm
{
    /// <inheritdoc/>
    public static int Groups => 4;

    /// <inheritdoc/>
    public static bool Records => true;
}

/// <summary>One vector.</summary>
internal readonly struct OneGroup : IPairStripForm
{
    /// <inheritdoc/>
    public static int Groups => 1;

    /// <inheritdoc/>
    public static bool Records => false;
}

/// <summary>One vector that is kept.</summary>
internal readonly struct OneRecordedGroup : IPairStripForm
{
    /// <inheritdoc/>
    public static int Groups => 1;

    /// <inheritdoc/>
    public static bool Records => true;
}
