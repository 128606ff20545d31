using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Which part of which problem a group works on.</summary>
internal struct AttentionPlace
{
    /// <summary>Item of the batch.</summary>
    public int Item;

    /// <summary>Head of keys.</summary>
    public int KeyHead;

    /// <summary>The first row of the side that the group owns.</summary>
    public int First;

    /// <summary>The result's first column.</summary>
    public int Column;

    /// <summary>Which part of the keys.</summary>
    public int Split;

    /// <summary>Query rows that are there: queries of all heads that share the key head.</summary>
    public int QueryRows;

    /// <summary>Keys that are there.</summary>
    public int Keys;

    /// <summary>What is there of the item.</summary>
    public AttentionItem Problem;

    /// <summary>This group's place.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="items">The items.</param>
    /// <param name="rows">Rows of a block.</param>
    /// <param name="columns">Columns of a group.</param>
    public static AttentionPlace Of(AttentionShape shape, ArrayView<AttentionItem> items, int rows, int columns)
    {
        long group = shape.FirstGroup + Grid.IdxX;
        AttentionPlace place = default;
        place.Column = (int)(group % shape.Strips) * columns;
        group /= shape.Strips;
        place.Split = (int)(group % shape.Splits);
        group /= shape.Splits;
        place.First = (int)(group % shape.Blocks) * rows;
        group /= shape.Blocks;
        place.KeyHead = (int)(group % shape.KeyHeads);
        place.Item = (int)(group / shape.KeyHeads);
        return Take(place, items, shape.GroupSize);
    }

    /// <summary>The place with what is there of its item.</summary>
    public static AttentionPlace Take(AttentionPlace place, ArrayView<AttentionItem> items, int groupSize)
    {
        place.Problem = items[place.Item];
        place.QueryRows = place.Problem.Queries * groupSize;
        place.Keys = place.Problem.Keys;
        return place;
    }

    /// <summary>The keys that a query's position permits.</summary>
    public static KeyRange RangeOf(AttentionPlace place, AttentionShape shape, int query) =>
        KeyRange.Round((long)query + place.Problem.Position, shape.WindowLeft, shape.WindowRight, place.Keys);
}
