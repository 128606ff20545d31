namespace FusionKernels.Kernels.Attention;

/// <summary>The keys of one query that its position permits: Low and more, below High.</summary>
/// <param name="Low">The first key.</param>
/// <param name="High">The key after the last; Low where there is none.</param>
internal readonly record struct KeyRange(int Low, int High);
