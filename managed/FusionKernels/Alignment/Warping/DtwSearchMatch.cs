namespace FusionKernels;

/// <summary>A window of a stream that is near to a query.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Position">The window's first sample, from 0.</param>
/// <param name="Distance">Its distance from the query, both normalised where the search normalises.</param>
public readonly record struct DtwSearchMatch<T>(int Position, T Distance)
    where T : unmanaged;
