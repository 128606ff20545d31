namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>What a symmetric eigenproblem, or a batch of them, is going to do, decided from shapes alone.</summary>
/// <param name="Size">Rows and columns of one matrix.</param>
/// <param name="Items">Matrices.</param>
/// <param name="Kept">The largest eigenvalues that are wanted of each.</param>
/// <param name="WantsVectors">Whether vectors are wanted too.</param>
/// <param name="ElementBytes">4 for float32, 8 for float64.</param>
/// <param name="LowerOnly">Whether the upper halves are not looked at; else a matrix that is not symmetric is an error.</param>
internal readonly record struct SymmetricEigenPlan(int Size, int Items, int Kept, bool WantsVectors, int ElementBytes, bool LowerOnly = false)
{
    /// <summary>
    /// The largest matrices that are solved in lanes: above it the working set of a vector of matrices, 16 size^2 lanes bytes,
    /// has left the second-level cache, and one matrix fills the vectors by itself.
    /// </summary>
    public const int MostInLanes = 64;

    /// <summary>Matrices from which lanes pay: fewer leave most of a vector idle.</summary>
    public const int FewestInLanes = 4;

    /// <summary>How the host finds them.</summary>
    public SymmetricEigenRoute Route =>
        Items >= FewestInLanes && Size <= MostInLanes ? SymmetricEigenRoute.Lanes
        : WantsVectors ? SymmetricEigenRoute.DivideAndConquer
        : SymmetricEigenRoute.ValuesOnly;

    /// <summary>The route and why it was taken, in words.</summary>
    public string Reason => Route switch
    {
        SymmetricEigenRoute.Lanes => $"{Items} matrices of {Size}: tridiagonal QL, one matrix in each lane, for at least {FewestInLanes} of at most {MostInLanes} rows",
        SymmetricEigenRoute.DivideAndConquer when Kept < Size => $"top {Kept} of {Size}: tridiagonal divide and conquer, the last merge and the way back for {Kept} vectors",
        SymmetricEigenRoute.DivideAndConquer => $"all {Size} vectors: tridiagonal divide and conquer",
        _ => $"values only of {Size}: tridiagonal QL",
    };

    /// <summary>Operations: 4/3 n^3 for the reduction, up to n^3 / 3 + n^2 k for divide and conquer, 2 n^2 k for the way back.</summary>
    public double Flops
    {
        get
        {
            double n = Size, square = n * n, reduction = 4.0 / 3 * n * square;
            double item = !WantsVectors ? reduction + (30 * square)
                : Route == SymmetricEigenRoute.Lanes ? (2 * reduction) + (9 * n * square)
                : reduction + (n * square / 3) + (3 * square * Kept);
            return Items * item;
        }
    }

    /// <summary>Bytes of matrices, values and vectors.</summary>
    public long Bytes => ElementBytes * (long)Items * (((long)Size * Size) + Kept + (WantsVectors ? (long)Size * Kept : 0));

    /// <summary>Bytes of working memory on the host, by the calling thread or by each of so many.</summary>
    /// <param name="threads">Threads; each works at matrices of its own where they are in lanes.</param>
    public long HostWorkingBytes(int threads)
    {
        long square = sizeof(double) * (long)Size * Size;
        return Route switch
        {
            SymmetricEigenRoute.Lanes => threads * 2L * 8 * square,
            SymmetricEigenRoute.DivideAndConquer => 4 * square,
            _ => square,
        };
    }
}
