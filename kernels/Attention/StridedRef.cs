namespace FusionKernels.Kernels.Attention;

/// <summary>Elements by batch item, head, row and column, as the public API hands them to the family, which pins them.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly ref struct StridedRef<T>
    where T : unmanaged
{
    private readonly ref T _first;
    private readonly long _batch;
    private readonly long _head;
    private readonly long _row;
    private readonly long _column;

    /// <summary>Elements with their strides.</summary>
    public StridedRef(ref T first, long batch, long head, long row, long column)
    {
        _first = ref first;
        (_batch, _head, _row, _column) = (batch, head, row, column);
    }

    /// <summary>What a <c>fixed</c> statement pins; a null reference for nothing.</summary>
    public ref T GetPinnableReference() => ref _first;

    /// <summary>The same elements, pinned.</summary>
    /// <param name="pointer">The first element.</param>
    /// <param name="starts">The row that each item begins with; null where items are apart by a stride.</param>
    public unsafe Strided<T> At(T* pointer, int* starts = null) => new(pointer, _batch, _head, _row, _column, starts);
}
