using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The tables of one piece of work, one after the other on one thread: their bands and their memory.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="problem">What is computed.</param>
internal unsafe struct SoftTables<T>(SoftProblem problem)
    where T : unmanaged
{
    // Working memory up to this many bytes stays with the thread.
    private const long KeptBytes = 32 << 20;

    private SoftBand _band;
    private bool _hasPath;
    private byte[]? _large;

    /// <summary>The band for series of such lengths; false where the window leaves no path.</summary>
    public bool TryBand(int rows, int columns, out SoftBand band)
    {
        if (_band.Rows != rows || _band.Columns != columns)
        {
            int* memory = Scratch.Get<int>(ScratchSlot.SoftRanges, SoftBand.Size(rows, columns));
            _hasPath = SoftBand.TryCreate(problem.Window, rows, columns, memory, out _band);
        }

        band = _band;
        return _hasPath;
    }

    /// <summary>Working memory of so many elements, contents undefined, until the next call.</summary>
    /// <exception cref="ArgumentException">It exceeds what one piece of memory can hold.</exception>
    public T* Memory(nint size)
    {
        long bytes = (long)size * sizeof(T);
        if (bytes <= KeptBytes) return Scratch.Get<T>(ScratchSlot.SoftTable, size);
        if (bytes > Array.MaxLength - Scratch.Alignment)
        {
            throw new ArgumentException(
                $"series of {_band.Rows} and {_band.Columns} samples need {bytes} bytes of working memory, at most {Array.MaxLength} can be had: choose a narrower window, thin them out, or ask for the value alone, whose memory grows with the lengths");
        }

        if (_large is null || _large.Length < bytes + Scratch.Alignment) _large = GC.AllocateUninitializedArray<byte>((int)bytes + Scratch.Alignment, pinned: true);
        nint address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_large, 0);
        return (T*)((address + Scratch.Alignment - 1) & ~(nint)(Scratch.Alignment - 1));
    }
}
