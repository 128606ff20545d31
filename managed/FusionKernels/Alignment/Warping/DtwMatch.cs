namespace FusionKernels;

/// <summary>One place of a long series where a short one was found.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Begin">The first sample of the place.</param>
/// <param name="End">Behind its last sample.</param>
/// <param name="Distance">The distance of the short series from it.</param>
/// <param name="Path">Which samples are matched; those of y count from the begin of the long series.</param>
public sealed record DtwMatch<T>(int Begin, int End, T Distance, WarpingPath Path)
    where T : unmanaged;
