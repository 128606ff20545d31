using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Sizes and places of <see cref="JacobiColumnsKernel"/>.</summary>
internal struct JacobiColumnsShape
{
    /// <summary>The column of the first group of this launch, counted through all matrices.</summary>
    public int FirstGroup;

    /// <summary>Columns that are written of each matrix.</summary>
    public int Columns;

    /// <summary>Entries of a column.</summary>
    public int Length;

    /// <summary>1 where the entry of largest magnitude becomes positive, 0 where the signs are given.</summary>
    public int DecidesSigns;

    /// <summary>Where the rows lie.</summary>
    public DeviceLayout Source;

    /// <summary>Where the columns go.</summary>
    public DeviceLayout Target;
}
