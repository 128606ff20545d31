using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Writes rows of keys and values to the pages that follow what a cache holds. A thread owns an element.</summary>
internal static class AppendKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 64;

    /// <summary>The kernel.</summary>
    /// <param name="keys">Memory of the keys.</param>
    /// <param name="values">Memory of the values.</param>
    /// <param name="items">The sequences: first page, and rows that are there.</param>
    /// <param name="pages">Pages of all sequences.</param>
    /// <param name="block">Memory of the pages.</param>
    /// <param name="flags">Element 0 becomes 1 where an element is not finite as it is stored.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run<TRaw, TStored>(
        ArrayView<float> keys, ArrayView<float> values, ArrayView<AttentionItem> items, ArrayView<int> pages, ArrayView<TRaw> block, ArrayView<int> flags, AppendShape shape)
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        long element = shape.First + ((long)Grid.IdxX * GroupSize) + Group.IdxX;
        if (element >= shape.Elements) return;
        int both = shape.Width + shape.ValueWidth, column = (int)(element % both), row = (int)(element / both % shape.Rows);
        long rest = element / both / shape.Rows;
        int head = (int)(rest % shape.Heads), item = (int)(rest / shape.Heads), at = items[item].FirstKey + row;
        long page = pages[items[item].FirstPage + (at / shape.PageRows)] * shape.PageElements, place = (head * shape.PageRows) + (at % shape.PageRows);
        bool isKey = column < shape.Width;
        float value = isKey ? keys[shape.Keys.At(item, head, row, column)] : values[shape.Values.At(item, head, row, column - shape.Width)];
        long target = isKey ? (place * shape.Width) + column : ((long)shape.Heads * shape.PageRows * shape.Width) + (place * shape.ValueWidth) + column - shape.Width;
        block[page + target] = TStored.Narrow(value);
        if (PairScores.IsNonFinite(TStored.Load(block, page + target, 1, 1, 0).X)) flags[0] = 1;
    }
}

/// <summary>Sizes and places of rows to append, as a kernel argument.</summary>
internal struct AppendShape
{
    /// <summary>The first element of this launch.</summary>
    public long First;

    /// <summary>Elements of keys and values together.</summary>
    public long Elements;

    /// <summary>Key heads.</summary>
    public int Heads;

    /// <summary>Rows of each sequence.</summary>
    public int Rows;

    /// <summary>Features of a key.</summary>
    public int Width;

    /// <summary>Features of a value.</summary>
    public int ValueWidth;

    /// <summary>Rows of a page.</summary>
    public int PageRows;

    /// <summary>Elements of a page.</summary>
    public long PageElements;

    /// <summary>Where keys lie.</summary>
    public DeviceStrides Keys;

    /// <summary>Where values lie.</summary>
    public DeviceStrides Values;
}
