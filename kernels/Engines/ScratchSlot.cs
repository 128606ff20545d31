using FusionKernels.Kernels.Warping.Lanes;
using FusionKernels.Kernels.Warping.Pairs;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels.Kernels.Engines;

/// <summary>The purposes of per-thread working memory.</summary>
internal enum ScratchSlot
{
    /// <summary>Packed rows of the left operand of a tiled product.</summary>
    PackedRows,

    /// <summary>Packed columns of the right operand of a tiled product.</summary>
    PackedColumns,

    /// <summary>Packed columns that many tiles of a Gram matrix share.</summary>
    SharedColumns,

    /// <summary>Raw sums of one stripe of a tiled product.</summary>
    Sums,

    /// <summary>A stripe of results waiting to be written transposed.</summary>
    Mirror,

    /// <summary>Statistics of one tile of a composed Gram matrix.</summary>
    TileStatistics,

    /// <summary>The stack of rows of one tile of a composed Gram matrix.</summary>
    TileStack,

    /// <summary>Values of one tile of a Gram matrix that is consumed, not stored.</summary>
    TileValues,

    /// <summary>Per-row values of the left operand.</summary>
    RowValues,

    /// <summary>Per-row values of the right operand.</summary>
    ColumnValues,

    /// <summary>The statistics of a Gram matrix.</summary>
    Statistics,

    /// <summary>The centre that is subtracted from both operands.</summary>
    Centre,

    /// <summary>Elements on their way between strided host memory and a device.</summary>
    Transfer,

    /// <summary>Diagonals, checkpoints and weights of one soft alignment table.</summary>
    SoftTable,

    /// <summary>The range of every row and diagonal of one soft alignment table.</summary>
    SoftRanges,

    /// <summary>Series in the lanes of a vector, and a row of their alignment tables.</summary>
    WarpingLanes,

    /// <summary>Lengths of the series in the lanes.</summary>
    WarpingLengths,

    /// <summary>Columns of a window, row by row.</summary>
    WarpingSpans,

    /// <summary>Values of |row - column|.</summary>
    WarpingLags,

    /// <summary>One pair of series as the kernels of a single alignment read it.</summary>
    PairOperands,

    /// <summary>The cells along the borders of one alignment table.</summary>
    PairBorders,

    /// <summary>The cells of one strip of an alignment table that are in flight.</summary>
    PairStrip,

    /// <summary>The rows of one alignment table by a step pattern that its steps look back upon.</summary>
    PatternRows,

    /// <summary>Statistics, envelopes and candidates of a search.</summary>
    Search,

    /// <summary>Working memory of lower bounds.</summary>
    Bounds,

    /// <summary>Right-hand sides of a triangular solve, gathered into rows.</summary>
    SolveTile,

    /// <summary>Centres and scales of a chunk of rows whose moments are taken.</summary>
    MomentCentre,

    /// <summary>A chunk of centred rows.</summary>
    MomentRows,

    /// <summary>Sums of pieces of a chunk.</summary>
    MomentSums,

    /// <summary>A chunk's product with itself.</summary>
    MomentProduct,

    /// <summary>A row of a spectrum's vectors before its elements are in their places.</summary>
    SpectrumRow,

    /// <summary>Matrices in the lanes of a vector, and their eigenvectors.</summary>
    SpectrumLanes,

    /// <summary>Scores, packed lanes and outputs of one block of attention.</summary>
    Attention,

    /// <summary>Gradients of the keys and values of one head of attention.</summary>
    AttentionKeys,

    /// <summary>Outputs and log-sum-exps of parts of the keys, which are merged.</summary>
    AttentionParts,

    /// <summary>Elements of scattered columns, and partial sums, of an elementwise operation.</summary>
    Elementwise,

    /// <summary>The number of purposes.</summary>
    Count,
}
