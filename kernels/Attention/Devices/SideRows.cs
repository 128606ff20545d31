using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The rows of one side of a group's pairs: keys of a head, or the queries of all heads that share it.</summary>
internal struct SideRows
{
    /// <summary>The first row's first element.</summary>
    public long First;

    /// <summary>Elements from one position to the next.</summary>
    public long Row;

    /// <summary>Elements from one head to the next.</summary>
    public long Head;

    /// <summary>Heads that share a position.</summary>
    public int GroupSize;

    /// <summary>Rows that are there.</summary>
    public int Count;

    /// <summary>Elements from one column to the next.</summary>
    public long Column;

    /// <summary>1 where quads of a row are aligned, else 0.</summary>
    public int IsVector;

    /// <summary>Query rows.</summary>
    public static SideRows OfQueries(DeviceStrides strides, AttentionPlace place, AttentionShape shape) => new()
    {
        First = strides.Offset + (place.Item * strides.Batch) + (place.KeyHead * shape.GroupSize * strides.Head) + (place.Problem.FirstQuery * strides.Row),
        Row = strides.Row,
        Head = strides.Head,
        GroupSize = shape.GroupSize,
        Count = place.QueryRows,
        Column = strides.Column,
        IsVector = strides.IsVector,
    };

    /// <summary>Keys, or values.</summary>
    public static SideRows OfKeys(DeviceStrides strides, AttentionPlace place, AttentionShape shape) => new()
    {
        First = strides.Offset + (place.Item * strides.Batch) + (place.KeyHead / shape.KeyShare * strides.Head) + (place.Problem.FirstKey * strides.Row),
        Row = strides.Row,
        Head = 0,
        GroupSize = 1,
        Count = place.Keys,
        Column = strides.Column,
        IsVector = strides.IsVector,
    };

    /// <summary>The same rows for one block of them: where they lie in pages, its page, which holds all of it.</summary>
    /// <param name="side">The rows.</param>
    /// <param name="first">The block's first row.</param>
    /// <param name="place">The group's place.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="pages">Pages of all items, item after item; any valid view where there are none.</param>
    public static SideRows OfBlock(SideRows side, int first, AttentionPlace place, AttentionShape shape, ArrayView<int> pages)
    {
        if (shape.PageRows == 0) return side;
        int page = first / shape.PageRows;
        side.First += (pages[place.Problem.FirstPage + page] * shape.PageElements) - ((long)page * shape.PageRows * side.Row);
        return side;
    }

    /// <summary>Where a row begins.</summary>
    public long At(int row) => GroupSize == 1 ? First + (row * Row) : First + (row / GroupSize * Row) + (row % GroupSize * Head);
}
