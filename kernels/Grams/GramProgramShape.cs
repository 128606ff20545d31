using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Grams;

/// <summary>Sizes and places of one tile of a composed Gram matrix, as a kernel argument.</summary>
internal struct GramProgramShape
{
    /// <summary>Where the tile's values go.</summary>
    public DeviceLayout Result;

    /// <summary>First row of the tile in the matrix.</summary>
    public int Row;

    /// <summary>Rows of the tile.</summary>
    public int Rows;

    /// <summary>First column of the tile in the matrix.</summary>
    public int Column;

    /// <summary>Columns of the tile.</summary>
    public int Columns;

    /// <summary>Rows of the whole matrix: the length of a vector of row values.</summary>
    public int AllRows;

    /// <summary>Columns of the whole matrix: the length of a vector of column values.</summary>
    public int AllColumns;

    /// <summary>Steps of the program.</summary>
    public int Ops;

    /// <summary>1 where values on and above the diagonal are computed and mirrored, else 0.</summary>
    public int IsSymmetric;

    /// <summary>The first element that this launch computes, counted along rows.</summary>
    public long First;
}
