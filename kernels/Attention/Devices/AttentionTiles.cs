namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>64 x 64 pairs, 256 threads, 39 KiB of shared memory: for lengths above 48.</summary>
internal readonly struct SquareTile64 : IAttentionTile
{
    /// <inheritdoc/>
    public static int Rows => 64;

    /// <inheritdoc/>
    public static int Columns => 64;

    /// <inheritdoc/>
    public static int Depth => 16;

    /// <inheritdoc/>
    public static int Quads => 1;

    // Eight threads side by side and four below each other read 8 and 4 different quads, free of bank conflicts.

    /// <inheritdoc/>
    public static int RowOf(int thread) => ((thread >> 6) * 4) + ((thread >> 3) & 3);

    /// <inheritdoc/>
    public static int ColumnOf(int thread) => (((thread >> 5) & 1) * 8) + (thread & 7);
}

/// <summary>32 x 32 pairs, 64 threads, 11 KiB of shared memory: for many short problems.</summary>
internal readonly struct SquareTile32 : IAttentionTile
{
    /// <inheritdoc/>
    public static int Rows => 32;

    /// <inheritdoc/>
    public static int Columns => 32;

    /// <inheritdoc/>
    public static int Depth => 8;

    /// <inheritdoc/>
    public static int Quads => 1;

    /// <inheritdoc/>
    public static int RowOf(int thread) => thread >> 3;

    /// <inheritdoc/>
    public static int ColumnOf(int thread) => thread & 7;
}

/// <summary>4 x 128 pairs, 32 threads, 11 KiB of shared memory: for decoding, where few queries read many keys and every multiplication with an absent query is lost.</summary>
internal readonly struct SlimTile : IAttentionTile
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 128;

    /// <inheritdoc/>
    public static int Depth => 4;

    /// <inheritdoc/>
    public static int Quads => 4;

    /// <inheritdoc/>
    public static int RowOf(int thread) => 0;

    /// <inheritdoc/>
    public static int ColumnOf(int thread) => thread;
}
