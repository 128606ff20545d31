namespace FusionKernels.Kernels.Warping;

/// <summary>One place of a series where another one is found.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Begin">The first sample of y.</param>
/// <param name="End">The last sample of y, itself part of it.</param>
/// <param name="Alignment">The value and the path.</param>
internal sealed record WarpingMatch<T>(int Begin, int End, WarpingAlignment<T> Alignment)
    where T : unmanaged;
