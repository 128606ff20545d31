namespace FusionKernels.Kernels.Warping;

/// <summary>The cell where an alignment ends, and its value before any finish.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly record struct PairEnd<T>(int Row, int Column, T Value)
    where T : unmanaged;
