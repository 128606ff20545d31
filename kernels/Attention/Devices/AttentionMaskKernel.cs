using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Of which blocks of pairs a dense mask keeps something, so that the passes need not compute the others.</summary>
/// <remarks>A group owns a block.</remarks>
internal static class AttentionMaskKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 64;

    /// <summary>The kernel.</summary>
    /// <param name="mask">Memory of the mask.</param>
    /// <param name="kept">Receives 1 for every block of which some pair is kept, 0 for the others.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run(ArrayView<byte> mask, ArrayView<byte> kept, MaskShape shape)
    {
        long block = shape.FirstBlock + Grid.IdxX;
        int keyBlock = (int)(block % shape.KeyBlocks), rowBlock = (int)(block / shape.KeyBlocks % shape.RowBlocks);
        int head = (int)(block / shape.KeyBlocks / shape.RowBlocks % shape.Heads), item = (int)(block / shape.KeyBlocks / shape.RowBlocks / shape.Heads);
        ArrayView<int> any = SharedMemory.Allocate<int>(1);
        if (Group.IdxX == 0) any[0] = 0;

        // Nobody may find a pair before.
        Group.Barrier();
        int keys = Math.Min(shape.Columns, shape.Keys - (keyBlock * shape.Columns)), rows = Math.Min(shape.Rows, shape.QueryRows - (rowBlock * shape.Rows));
        int found = 0;
        for (int pair = Group.IdxX; pair < rows * keys; pair += GroupSize)
        {
            int row = (rowBlock * shape.Rows) + (pair / keys), key = (keyBlock * shape.Columns) + (pair % keys);
            found |= mask[shape.Mask.At(item, (head * shape.GroupSize) + (row % shape.GroupSize), row / shape.GroupSize, key)];
        }

        // Whoever writes, writes the same.
        if (found != 0) any[0] = 1;

        // Everybody must have looked.
        Group.Barrier();
        if (Group.IdxX == 0) kept[block] = (byte)any[0];
    }
}

/// <summary>Blocks of pairs of a dense mask, as a kernel argument.</summary>
internal struct MaskShape
{
    /// <summary>The first block of this launch.</summary>
    public long FirstBlock;

    /// <summary>Where the mask's elements lie.</summary>
    public DeviceStrides Mask;

    /// <summary>Key heads with a mask of their own.</summary>
    public int Heads;

    /// <summary>Query heads that share one key head.</summary>
    public int GroupSize;

    /// <summary>Query rows: queries of all heads that share a key head.</summary>
    public int QueryRows;

    /// <summary>Keys.</summary>
    public int Keys;

    /// <summary>Query rows of a block.</summary>
    public int Rows;

    /// <summary>Keys of a block.</summary>
    public int Columns;

    /// <summary>Blocks of query rows.</summary>
    public int RowBlocks;

    /// <summary>Blocks of keys.</summary>
    public int KeyBlocks;
}
