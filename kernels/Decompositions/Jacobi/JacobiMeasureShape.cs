using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Sizes, places and choices of <see cref="JacobiMeasureKernel"/>.</summary>
internal struct JacobiMeasureShape
{
    /// <summary>The largest magnitude of all elements.</summary>
    public const int All = 0;

    /// <summary>The largest magnitude of the lower half.</summary>
    public const int Lower = 1;

    /// <summary>The largest magnitude below the diagonal.</summary>
    public const int OffDiagonal = 2;

    /// <summary>The largest magnitude below the diagonal against the geometric mean of its diagonal elements.</summary>
    public const int OffDiagonalRelative = 3;

    /// <summary>The group of the first one of this launch.</summary>
    public long FirstGroup;

    /// <summary>Which of the above.</summary>
    public int Kind;

    /// <summary>Rows of a matrix.</summary>
    public int Rows;

    /// <summary>Columns of a matrix.</summary>
    public int Columns;

    /// <summary>Rows of a group.</summary>
    public int ChunkRows;

    /// <summary>Groups of a matrix.</summary>
    public int Chunks;

    /// <summary>Where the matrices lie.</summary>
    public DeviceLayout Matrix;
}
