namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The size of the tiles of pairs that a group of threads works on; every member folds at compile time.</summary>
/// <remarks>
/// A thread owns 4 x 4 pairs. Operands pass through shared memory <see cref="Depth"/> features, or rows, at a time, so that each
/// thread moves one quad of one operand and <see cref="Quads"/> of the other in a step.
/// </remarks>
internal interface IAttentionTile
{
    /// <summary>Rows of the side that the group owns.</summary>
    static abstract int Rows { get; }

    /// <summary>Rows of the other side, and columns of a strip of the result.</summary>
    static abstract int Columns { get; }

    /// <summary>Features, or rows of the other side, in a step.</summary>
    static abstract int Depth { get; }

    /// <summary>Quads of the other side that a thread moves in a step, 1 or 4.</summary>
    static abstract int Quads { get; }

    /// <summary>A thread's quad of rows.</summary>
    static abstract int RowOf(int thread);

    /// <summary>A thread's quad of columns.</summary>
    static abstract int ColumnOf(int thread);
}
