namespace FusionKernels.Kernels.Warping.Search;

/// <summary>The lower bounds of dynamic time warping.</summary>
internal enum BoundKind
{
    /// <summary>Both ends.</summary>
    Kim,

    /// <summary>From x to the envelope of y.</summary>
    Keogh,

    /// <summary>Keogh, and from y to the envelope of what x projects to.</summary>
    Improved,

    /// <summary>Keogh between the ends' least paths, and from y what x has not paid.</summary>
    Webb,
}
