namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>What a singular value decomposition is going to do, decided from shapes alone.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Kept">The largest singular values that are wanted.</param>
/// <param name="WantsVectors">Whether vectors are wanted too.</param>
/// <param name="Full">Whether U and V are square.</param>
/// <param name="ElementBytes">4 for float32, 8 for float64.</param>
internal readonly record struct SvdPlan(int Rows, int Columns, int Kept, bool WantsVectors, bool Full, int ElementBytes)
{
    /// <summary>Columns up to which Jacobi's rotations need no preparation: as fast with it as without at 16 to 24 columns, 1.5 times slower without at 32 and 40 (Zen 5, AVX-512).</summary>
    public const int MostForJacobi = 24;

    /// <summary>The smaller extent.</summary>
    public int Smaller => Math.Min(Rows, Columns);

    /// <summary>The larger extent.</summary>
    public int Larger => Math.Max(Rows, Columns);

    /// <summary>How the host finds them.</summary>
    public SvdRoute Route =>
        Smaller <= MostForJacobi ? SvdRoute.Jacobi
        : Full || Kept > Smaller / 4 ? SvdRoute.PreparedJacobi
        : SvdRoute.GramTop;

    /// <summary>The route and why it was taken, in words.</summary>
    public string Reason => $"{Describe(Route)}, for {Route switch
    {
        SvdRoute.Jacobi => $"at most {MostForJacobi} columns",
        SvdRoute.PreparedJacobi => Full ? "full bases" : "more than a quarter of the values",
        _ => "at most a quarter of the values",
    }}";

    /// <summary>Operations: those of the route's leading terms.</summary>
    public double Flops
    {
        get
        {
            double m = Larger, n = Smaller, k = Kept, qr = m > n ? 4 * m * n * n : 0;
            return Route switch
            {
                SvdRoute.Jacobi => qr + (6 * 8 * n * n * n),
                SvdRoute.PreparedJacobi => qr + ((1 + 5 + 2 + (3 * 8)) * n * n * n),
                _ => (m * n * n) + (5.0 / 3 * n * n * n) + (5 * n * n * k) + (4 * m * n * k),
            };
        }
    }

    /// <summary>Bytes of the matrix, the values and the vectors.</summary>
    public long Bytes => ElementBytes * (((long)Rows * Columns) + Kept + VectorElements);

    /// <summary>Bytes of working memory on the host.</summary>
    public long HostWorkingBytes => sizeof(double) * (((long)Rows * Columns) + (6L * Smaller * Smaller) + VectorElements);

    private long VectorElements =>
        !WantsVectors ? 0
        : Full ? ((long)Rows * Rows) + ((long)Columns * Columns)
        : (long)Kept * (Rows + Columns);

    /// <summary>A route in words, for these shapes.</summary>
    public string Describe(SvdRoute route)
    {
        string reduced = Larger > Smaller ? "QR, then " : "";
        return route switch
        {
            SvdRoute.Jacobi => $"{Rows} x {Columns}: {reduced}one-sided Jacobi",
            SvdRoute.PreparedJacobi => $"{Rows} x {Columns}: {reduced}one-sided Jacobi on columns that the eigenvectors of the Gram matrix prepared",
            _ => $"top {Kept} of {Rows} x {Columns}: eigenvectors of the Gram matrix, Rayleigh-Ritz on the matrix",
        };
    }
}
