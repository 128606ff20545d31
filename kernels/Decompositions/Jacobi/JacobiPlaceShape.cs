using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Sizes and places of <see cref="JacobiPlaceKernel"/>.</summary>
internal struct JacobiPlaceShape
{
    /// <summary>Elements that are written, of all matrices.</summary>
    public long Elements;

    /// <summary>Rows that are written of each matrix.</summary>
    public int TargetRows;

    /// <summary>Columns that are written of each matrix.</summary>
    public int TargetColumns;

    /// <summary>The row that the matrix's first goes to.</summary>
    public int FirstRow;

    /// <summary>The column that the matrix's first goes to.</summary>
    public int FirstColumn;

    /// <summary>Rows of a matrix, and of the identity behind its columns.</summary>
    public int Rows;

    /// <summary>Columns of a matrix.</summary>
    public int Columns;

    /// <summary>1 where the matrix is symmetric and its lower half is read.</summary>
    public int IsLower;

    /// <summary>1 where each matrix has a power of two of its own.</summary>
    public int HasPowers;

    /// <summary>Where the matrices lie.</summary>
    public DeviceLayout Source;

    /// <summary>Where they go.</summary>
    public DeviceLayout Target;
}
