namespace FusionKernels.Kernels.Peaks;

/// <summary>What a <see cref="StreamJob"/> does with every element.</summary>
internal enum HostStream
{
    /// <summary>Reads it.</summary>
    Read,

    /// <summary>Stores it around the caches.</summary>
    Store,
}
