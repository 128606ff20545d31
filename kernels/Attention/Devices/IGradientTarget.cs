namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Whose gradients a pass computes; every member folds at compile time.</summary>
internal interface IGradientTarget
{
    /// <summary>Whether groups own keys, not queries.</summary>
    static abstract bool OwnsKeys { get; }

    /// <summary>Whether gradients of scores are multiplied with, not weights.</summary>
    static abstract bool OfScores { get; }
}

/// <summary>Gradients of queries: gradients of scores times keys.</summary>
internal readonly struct QueryTarget : IGradientTarget
{
    /// <inheritdoc/>
    public static bool OwnsKeys => false;

    /// <inheritdoc/>
    public static bool OfScores => true;
}

/// <summary>Gradients of keys: gradients of scores, turned, times queries.</summary>
internal readonly struct KeyTarget : IGradientTarget
{
    /// <inheritdoc/>
    public static bool OwnsKeys => true;

    /// <inheritdoc/>
    public static bool OfScores => true;
}

/// <summary>Gradients of values: weights, turned, times gradients of outputs.</summary>
internal readonly struct ValueTarget : IGradientTarget
{
    /// <inheritdoc/>
    public static bool OwnsKeys => true;

    /// <inheritdoc/>
    public static bool OfScores => false;
}
