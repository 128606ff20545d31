namespace FusionKernels.Kernels.Warping;

/// <summary>What a pass of <see cref="WarpingStrip{V, T, TCost, TRule}"/> is compiled for: constants that fold.</summary>
internal interface IStripForm
{
    /// <summary>Rows computed in one pass over the columns, 1 to 6.</summary>
    static abstract int Rows { get; }

    /// <summary>Whether a sample is one number, so that those of x stay in registers.</summary>
    static abstract bool IsUnivariate { get; }

    /// <summary>Whether cells may lie before the first column of their row's window.</summary>
    static abstract bool ChecksFirst { get; }

    /// <summary>Whether cells may lie behind the last one.</summary>
    static abstract bool ChecksEnd { get; }
}
