using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Sizes, places and rules of one launch, as a kernel argument.</summary>
internal struct AttentionShape
{
    /// <summary>The first group of this launch.</summary>
    public long FirstGroup;

    /// <summary>Features of a query and a key.</summary>
    public int Width;

    /// <summary>Features of a value.</summary>
    public int ValueWidth;

    /// <summary>Columns of the result.</summary>
    public int ResultWidth;

    /// <summary>Heads of keys; of query heads where each is a group's own.</summary>
    public int KeyHeads;

    /// <summary>Heads of those that share one head of keys in memory: 1, but where each query head is a group's own.</summary>
    public int KeyShare;

    /// <summary>Query heads that share one key head: query row r is query r / size of head r % size among them.</summary>
    public int GroupSize;

    /// <summary>Blocks of the side that groups own.</summary>
    public int Blocks;

    /// <summary>Groups that share the columns of a result.</summary>
    public int Strips;

    /// <summary>Groups that share the keys of a block of queries.</summary>
    public int Splits;

    /// <summary>Keys of each of them.</summary>
    public int SplitKeys;

    /// <summary>Elements from the results of one split to those of the next.</summary>
    public long SplitStride;

    /// <summary>Query rows of one head; of all items, where they are packed.</summary>
    public long HeadRows;

    /// <summary>Query rows from one item to the next; 0 where they are packed.</summary>
    public long ItemRows;

    /// <summary>Query rows of all items: log-sum-exps from one split to the next.</summary>
    public long QueryRows;

    /// <summary>Number of the first item in the whole.</summary>
    public int FirstItem;

    /// <summary>Number of the first query head in the whole.</summary>
    public int FirstHead;

    /// <summary>Keys before its own position that a query sees.</summary>
    public int WindowLeft;

    /// <summary>Keys after its own position that a query sees.</summary>
    public int WindowRight;

    /// <summary>1 where scores are capped, else 0.</summary>
    public int IsCapped;

    /// <summary>1 where distances cost, else 0.</summary>
    public int HasSlopes;

    /// <summary>1 where there is a bias, else 0.</summary>
    public int HasBias;

    /// <summary>1 where there is a dense mask, else 0.</summary>
    public int HasMask;

    /// <summary>What blocks of the other side begin at multiples of, a power of 2: 4, since dropout draws a word for each of four keys at once, or a whole block.</summary>
    public int BlockAlign;

    /// <summary>Rows of a page where keys and values lie in pages, a multiple of every block; else 0.</summary>
    public int PageRows;

    /// <summary>Elements of a page.</summary>
    public long PageElements;

    /// <summary>1 where weights are dropped, else 0.</summary>
    public int HasDropout;

    /// <summary>Which of them are kept.</summary>
    public DropoutRule Dropout;

    /// <summary>What kept weights are multiplied by.</summary>
    public Lane32 KeepScale;

    /// <summary>Factor of a dot product.</summary>
    public Lane32 DotFactor;

    /// <summary>Factor of a capped score's tangent.</summary>
    public Lane32 CapFactor;

    /// <summary>Factor of the result.</summary>
    public Lane32 ResultFactor;

    /// <summary>Queries.</summary>
    public DeviceStrides Query;

    /// <summary>Keys.</summary>
    public DeviceStrides Key;

    /// <summary>Values.</summary>
    public DeviceStrides Value;

    /// <summary>Gradients of the outputs.</summary>
    public DeviceStrides OutputGradient;

    /// <summary>The bias.</summary>
    public DeviceStrides Bias;

    /// <summary>The keep mask.</summary>
    public DeviceStrides Mask;

    /// <summary>Of which blocks the mask keeps something: by item, key head, block of query rows, block of keys.</summary>
    public DeviceStrides Kept;

    /// <summary>What the weights, or gradients of scores, are multiplied with.</summary>
    public DeviceStrides Factor;

    /// <summary>The result.</summary>
    public DeviceStrides Result;
}
