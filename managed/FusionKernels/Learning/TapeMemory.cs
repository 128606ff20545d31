using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Memory that steps use again and again, by size class; it grows to what the largest step needs and stays there.</summary>
internal sealed class TapeMemory<T>(Engine engine) : IDisposable
    where T : unmanaged
{
    private readonly Dictionary<long, Stack<DeviceBuffer<T>>> _free = [];
    private readonly List<DeviceBuffer<T>> _used = [];
    private readonly Dictionary<DeviceBuffer<T>, int> _places = new(ReferenceEqualityComparer.Instance);
    private T[] _staging = [];

    /// <summary>Memory for at least so many elements, contents undefined.</summary>
    public DeviceBuffer<T> Take(long length, string operation)
    {
        long capacity = BufferPool.Capacity(Math.Max(1, length) * Unsafe.SizeOf<T>()) / Unsafe.SizeOf<T>();
        DeviceBuffer<T> buffer = _free.TryGetValue(capacity, out Stack<DeviceBuffer<T>>? blocks) && blocks.TryPop(out DeviceBuffer<T>? free)
            ? free
            : engine.Allocate<T>(capacity, operation);
        _places[buffer] = _used.Count;
        _used.Add(buffer);
        return buffer;
    }

    /// <summary>Takes one back before the others.</summary>
    public void Return(DeviceBuffer<T> buffer)
    {
        if (!_places.Remove(buffer, out int place)) return;
        DeviceBuffer<T> last = _used[^1];
        _used.RemoveAt(_used.Count - 1);
        if (!ReferenceEquals(last, buffer)) (_used[place], _places[last]) = (last, place);
        Put(buffer);
    }

    /// <summary>Takes all back.</summary>
    public void TakeBack()
    {
        foreach (DeviceBuffer<T> buffer in _used) Put(buffer);
        _used.Clear();
        _places.Clear();
    }

    /// <summary>Memory of the host on the way to the device.</summary>
    public Span<T> Staging(int length)
    {
        if (_staging.Length < length) _staging = GC.AllocateUninitializedArray<T>(length);
        return _staging.AsSpan(0, length);
    }

    /// <summary>Gives everything back to the device.</summary>
    public void Dispose()
    {
        TakeBack();
        foreach (DeviceBuffer<T> buffer in _free.Values.SelectMany(blocks => blocks)) buffer.Dispose();
        _free.Clear();
    }

    private void Put(DeviceBuffer<T> buffer)
    {
        if (!_free.TryGetValue(buffer.Length, out Stack<DeviceBuffer<T>>? blocks)) _free[buffer.Length] = blocks = new();
        blocks.Push(buffer);
    }
}
