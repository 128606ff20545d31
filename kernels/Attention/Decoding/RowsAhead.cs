using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>Rows that a later loop reads, which are asked for in the order of memory, so that the processor, too, sees where it goes; nothing where there is no such instruction.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="first">The first row; what is asked for may lie anywhere.</param>
/// <param name="step">Elements from row to row.</param>
/// <param name="width">Elements of a row.</param>
internal unsafe struct RowsAhead<T>(T* first, long step, int width)
    where T : unmanaged
{
    private const int Line = 64;

    private readonly long _step = step;
    private readonly long _gap = step - width;
    private byte* _at = (byte*)first;
    private T* _end = first + width;

    /// <summary>Asks for the elements behind those asked for before.</summary>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask(int count)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < count * sizeof(T); i += Line) Sse.Prefetch0(_at + i);
        _at += count * sizeof(T);
        if (_at < (byte*)_end) return;
        _at += _gap * sizeof(T);
        _end += _step;
    }
}
