using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>One thread's sequence in memory where those of all threads lie side by side.</summary>
/// <param name="memory">The memory.</param>
/// <param name="first">The place of the sequence's first element.</param>
/// <param name="stride">Elements from one of the sequence to the next.</param>
internal readonly struct SearchColumn<V, T>(ArrayView<T> memory, long first, long stride)
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private readonly ArrayView<V> _memory = memory.Cast<V>();
    private readonly long _first = first;
    private readonly long _stride = stride;

    /// <summary>An element.</summary>
    public V this[int index]
    {
        get => _memory[_first + (index * _stride)];
        set => _memory[_first + (index * _stride)] = value;
    }
}
