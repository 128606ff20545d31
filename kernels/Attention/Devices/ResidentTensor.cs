using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Elements by item, head, row and column in the memory of a device.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Buffer">The memory; null for nothing.</param>
/// <param name="Batch">Elements from item to item.</param>
/// <param name="Head">Elements from head to head.</param>
/// <param name="Row">Elements from row to row.</param>
/// <param name="Column">Elements from column to column.</param>
internal readonly record struct ResidentTensor<T>(DeviceBuffer<T>? Buffer, long Batch, long Head, long Row, long Column)
    where T : unmanaged
{
    /// <summary>Whether there is nothing here.</summary>
    public bool IsAbsent => Buffer is null;

    /// <summary>The same elements in pinned host memory.</summary>
    /// <param name="first">The first element.</param>
    /// <param name="starts">The row that each item begins with; null where items are apart by a stride.</param>
    public unsafe Strided<T> At(T* first, int* starts = null) => new(first, Batch, Head, Row, Column, starts);

    /// <summary>The same elements of a host's memory, which are pinned.</summary>
    /// <param name="starts">As of <see cref="At"/>.</param>
    public unsafe Strided<T> OnHost(int* starts = null) => Buffer is null ? default : At(((HostBuffer<T>)Buffer).Pointer, starts);
}
