using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>Memory of the host engine: a pinned array, so that its address holds for the buffer's life.</summary>
internal sealed unsafe class HostBuffer<T>(HostEngine engine, long length) : DeviceBuffer<T>(engine, length)
    where T : unmanaged
{
    private T[]? _elements = GC.AllocateUninitializedArray<T>(checked((int)length), pinned: true);

    /// <summary>Counts a buffer that nobody returned; its memory is the collector's.</summary>
    ~HostBuffer()
    {
        if (_elements is not null) engine.Returned(Length * sizeof(T));
    }

    /// <summary>The first element; null for an empty buffer.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_elements is null, this);
            return _elements.Length == 0 ? null : (T*)Unsafe.AsPointer(ref _elements[0]);
        }
    }

    /// <summary>The elements.</summary>
    public Span<T> Span => _elements;

    /// <inheritdoc/>
    public override void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _elements, null) is not null) engine.Returned(Length * sizeof(T));
    }
}
