namespace FusionKernels.Kernels.Engines;

/// <summary>Memory of one engine; disposing returns it to the engine's pool, and is harmless after the engine is gone.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class DeviceBuffer<T>(Engine engine, long length) : IDisposable
    where T : unmanaged
{
    /// <summary>The engine that owns the memory.</summary>
    public Engine Engine { get; } = engine;

    /// <summary>Elements.</summary>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public abstract void Dispose();
}
