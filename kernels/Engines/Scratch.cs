using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>Working memory of one thread, kept between calls so that steady state allocates nothing.</summary>
/// <remarks>Arrays on the pinned heap: they never move, and they go with their thread without a finalizer.</remarks>
internal static unsafe class Scratch
{
    /// <summary>One cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Bytes from which memory is asked for in large pages: two of them at least.</summary>
    private const nint LargeBytes = 4 << 20;

    private const int LeastBytes = 4096;

    [ThreadStatic]
    private static byte[]?[]? t_slots;

    /// <summary>Bytes that this thread holds.</summary>
    public static long HeldBytes => t_slots?.Sum(memory => (long)(memory?.Length ?? 0)) ?? 0;

    /// <summary>Runs foreign code on this thread, whose memory it leaves as it is: calls of this library from within get memory of their own.</summary>
    public static void Aside<TState>(Action<TState> foreign, TState state)
    {
        byte[]?[]? slots = t_slots;
        t_slots = null;
        try
        {
            foreign(state);
        }
        finally
        {
            t_slots = slots;
        }
    }

    /// <summary>Bytes that so many elements of one purpose take.</summary>
    public static long BytesOf<T>(nint length)
        where T : unmanaged => Math.Max(((long)length * sizeof(T)) + Alignment, LeastBytes);

    /// <summary>This thread's memory of one purpose, at least <paramref name="length"/> elements, 64-byte aligned, contents undefined.</summary>
    /// <param name="slot">The purpose; callers that are live at the same time on one thread use different slots.</param>
    /// <param name="length">Elements.</param>
    public static T* Get<T>(ScratchSlot slot, nint length)
        where T : unmanaged
    {
        byte[]?[] slots = t_slots ??= new byte[]?[(int)ScratchSlot.Count];
        nint bytes = checked((length * sizeof(T)) + Alignment);
        byte[]? memory = slots[(int)slot];
        if (memory is null || memory.Length < bytes)
        {
            // What is streamed in panels walks through many pages at once: few large ones need no walks through their tables.
            memory = bytes >= LargeBytes ? LargePages.Allocate<byte>(checked((int)bytes)) : GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(bytes, LeastBytes)), pinned: true);
            slots[(int)slot] = memory;
        }

        nint address = (nint)Unsafe.AsPointer(ref memory[0]);
        return (T*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
    }
}
