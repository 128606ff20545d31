using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>Pages in this process's memory: those that are asked for together are one array, and none is ever moved.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="sequences">Sequences.</param>
/// <param name="heads">Key heads.</param>
/// <param name="width">Features of a key.</param>
/// <param name="valueWidth">Features of a value.</param>
/// <param name="pageRows">Rows of a page.</param>
/// <param name="storage">What rows are rounded to.</param>
internal sealed unsafe class HostPages<T>(int sequences, int heads, int width, int valueWidth, int pageRows, AttentionStorage storage) : KeyValuePages<T>(sequences, heads, width, valueWidth, pageRows)
    where T : unmanaged
{
    /// <summary>Pages begin on a cache line, which a vector then never straddles.</summary>
    private readonly List<(T[] Memory, int Start)> _pages = [];

    /// <inheritdoc/>
    public override long Bytes => (long)_pages.Count * PageElements * Element.SizeOf<T>();

    /// <summary>Where the pages of all sequences begin, sequence after sequence; they are pinned as long as they live.</summary>
    /// <param name="tables">Receives where each sequence's begin.</param>
    public nint[] Addresses(out int[] tables) =>
        [.. Numbers(out tables).Select(page => (nint)Unsafe.AsPointer(ref _pages[page].Memory[_pages[page].Start]))];

    /// <inheritdoc/>
    public override void Dispose()
    {
        for (int sequence = 0; sequence < Lengths.Length; sequence++) Truncate(sequence, 0);
    }

    /// <inheritdoc/>
    protected override void Grow(int pages)
    {
        while (_pages.Count < pages)
        {
            int spare = Scratch.Alignment / sizeof(T), together = Math.Clamp((Array.MaxLength - spare) / PageElements, 1, pages - _pages.Count);
            T[] memory = LargePages.Allocate<T>(checked((PageElements * together) + spare));
            nint beyond = (nint)Unsafe.AsPointer(ref memory[0]) % Scratch.Alignment;
            int first = (int)((Scratch.Alignment - beyond) / sizeof(T));
            for (int page = 0; page < together; page++) _pages.Add((memory, first + (page * PageElements)));
        }
    }

    /// <inheritdoc/>
    protected override void Write(int first, int count, in KeyValueSource<T> source, int rows, in RunSettings settings)
    {
        fixed (T* key = source.Keys, value = source.Values)
        {
            bool isResident = !source.ResidentKeys.IsAbsent;
            Strided<T> keyRows = isResident ? source.ResidentKeys.OnHost() : source.Keys.At(key), valueRows = isResident ? source.ResidentValues.OnHost() : source.Values.At(value);
            AttentionInput.RequireFinite(keyRows, count, Heads, rows, Width, storage, settings.Operation, "k");
            AttentionInput.RequireFinite(valueRows, count, Heads, rows, ValueWidth, storage, settings.Operation, "v");
            for (int item = 0; item < count; item++)
            {
                for (int row = 0; row < rows; row++)
                {
                    int at = Lengths[first + item] + row, within = at % PageRows;
                    (T[] memory, int start) = _pages[PageOf(first + item, at)];
                    Span<T> elements = memory.AsSpan(start, PageElements);
                    for (int head = 0; head < Heads; head++)
                    {
                        Copy(keyRows.At(item, head, row), keyRows.Column, elements.Slice(((head * PageRows) + within) * Width, Width));
                        Copy(valueRows.At(item, head, row), valueRows.Column, elements.Slice((Heads * PageRows * Width) + (((head * PageRows) + within) * ValueWidth), ValueWidth));
                    }
                }
            }
        }
    }

    private void Copy(T* from, long step, Span<T> to)
    {
        if (step == 1) new ReadOnlySpan<T>(from, to.Length).CopyTo(to);
        else for (int d = 0; d < to.Length; d++) to[d] = from[d * step];
        StoredRounding.Round(to, storage);
    }
}
