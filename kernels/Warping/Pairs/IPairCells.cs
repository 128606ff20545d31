using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>The cells of one alignment table: a point cost and a recurrence with the pair of series, or the given costs, that they read.</summary>
/// <remarks>Lane l of every vector belongs to cell (row - l, column + l). At any width a cell has the same bits.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal interface IPairCells<T>
    where T : unmanaged
{
    /// <summary>Whether the diagonal counts a cost twice, so that the first pair's cost must be set.</summary>
    bool DoublesDiagonal { get; }

    /// <summary>Whether a path enters the table's first row from above and its first column from the left, too.</summary>
    bool EntersStraight { get; }

    /// <summary>Whether a cell takes few instructions, so that four vectors of cells are written out; of longer ones that would be more than the compiler inlines.</summary>
    static abstract bool IsShort { get; }

    /// <summary>The first channel of x, where one vector for a whole strip saves loads; undefined elsewhere.</summary>
    V Sample<V>(nint row)
        where V : unmanaged, IHostVector<V, T>;

    /// <summary>The point costs.</summary>
    V Cost<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T>;

    /// <summary>The cells.</summary>
    /// <param name="diagonal">Cells (i-1, j-1).</param>
    /// <param name="above">Cells (i-1, j).</param>
    /// <param name="left">Cells (i, j-1).</param>
    /// <param name="x">What <see cref="Sample{V}"/> gave for the row.</param>
    /// <param name="row">The row of the first lane.</param>
    /// <param name="column">The column of the first lane.</param>
    V Cell<V>(V diagonal, V above, V left, V x, nint row, nint column)
        where V : unmanaged, IHostVector<V, T>;
}
