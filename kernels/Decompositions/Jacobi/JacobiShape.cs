using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Sizes, places and choices of <see cref="JacobiEigenKernel"/>.</summary>
internal struct JacobiShape
{
    /// <summary>The matrix of the first group of this launch.</summary>
    public long FirstMatrix;

    /// <summary>Rows and columns of a matrix.</summary>
    public int Order;

    /// <summary>Values and vectors that are written of each matrix.</summary>
    public int Kept;

    /// <summary>Sweeps after which a matrix is given up.</summary>
    public int MostSweeps;

    /// <summary>1 where an element counts against the geometric mean of its diagonal elements, 0 where it counts against the largest element.</summary>
    public int IsRelative;

    /// <summary>1 where a power of two brings each matrix to elements below 2 first; 0 where that has been done for all together.</summary>
    public int IsScaled;

    /// <summary>1 for descending values and fixed signs; 0 for the rotations as they are.</summary>
    public int IsSorted;

    /// <summary>1 where the halves of the vectors' columns change places, but for the first and the last matrix of each run.</summary>
    public int IsSwapped;

    /// <summary>Matrices of a run; 0 for no runs, so that all are swapped.</summary>
    public int RunLength;

    /// <summary>1 where vectors are written.</summary>
    public int HasVectors;

    /// <summary>Where the matrices lie; their lower halves are read.</summary>
    public DeviceLayout Matrix;

    /// <summary>Where the values go, a column each.</summary>
    public DeviceLayout Values;

    /// <summary>Where the vectors go, in columns.</summary>
    public DeviceLayout Vectors;
}
