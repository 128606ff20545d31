namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Which pairs are stored; folds at compile time.</summary>
internal interface IPairResult
{
    /// <summary>Whether gradients of a bias are, not weights.</summary>
    static abstract bool IsGradient { get; }
}

/// <summary>Weights.</summary>
internal readonly struct WeightResult : IPairResult
{
    /// <inheritdoc/>
    public static bool IsGradient => false;
}

/// <summary>Gradients of a bias.</summary>
internal readonly struct BiasResult : IPairResult
{
    /// <inheritdoc/>
    public static bool IsGradient => true;
}
