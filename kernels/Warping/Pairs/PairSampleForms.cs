namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>What <see cref="PairSampleCells{T, TCost, TRule, TForm}"/> is compiled for: constants that fold.</summary>
internal interface IPairSampleForm
{
    /// <summary>Whether a sample is one number, so that those of x stay in registers.</summary>
    static abstract bool IsUnivariate { get; }

    /// <summary>Whether a missing sample costs nothing.</summary>
    static abstract bool SkipsMissing { get; }
}

/// <summary>One channel.</summary>
internal readonly struct UnivariateSamples : IPairSampleForm
{
    /// <inheritdoc/>
    public static bool IsUnivariate => true;

    /// <inheritdoc/>
    public static bool SkipsMissing => false;
}

/// <summary>Any number of channels.</summary>
internal readonly struct MultivariateSamples : IPairSampleForm
{
    /// <inheritdoc/>
    public static bool IsUnivariate => false;

    /// <inheritdoc/>
    public static bool SkipsMissing => false;
}

/// <summary>Any number of channels, some samples of which may be missing.</summary>
internal readonly struct IncompleteSamples : IPairSampleForm
{
    /// <inheritdoc/>
    public static bool IsUnivariate => false;

    /// <inheritdoc/>
    public static bool SkipsMissing => true;
}
