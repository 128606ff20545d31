namespace FusionKernels;

/// <summary>The best alignment of two series.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Distance">The distance: the sum of weighted costs along the path, or its root.</param>
/// <param name="NormalizedDistance">That sum, before any root, over the lengths that the step pattern names; null where it names none.</param>
/// <param name="Path">Which samples are matched.</param>
public sealed record DtwAlignment<T>(T Distance, T? NormalizedDistance, WarpingPath Path)
    where T : unmanaged;
