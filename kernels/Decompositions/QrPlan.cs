namespace FusionKernels.Kernels.Decompositions;

/// <summary>How a QR factorisation runs, decided from the shape and from what the engine is good at.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Route">The method.</param>
/// <param name="Why">Why that one, in words.</param>
internal readonly record struct QrPlan(int Rows, int Columns, QrRoute Route, string Why)
{
    /// <summary>Columns of one block of reflectors: with T and products as thin as this, the panel is a few per cent of the work from 256 columns on.</summary>
    public const int PanelWidth = 32;

    /// <summary>Rows of one leaf of the tree at least: of 64 columns of float64 half a megabyte, which stays in L2 while it is factored.</summary>
    private const int LeafRows = 1024;

    /// <summary>Rows over columns from which the tree pays: its leaves then shrink by as much from level to level.</summary>
    private const int Tall = 4;

    /// <summary>Rows of one leaf of the tree.</summary>
    public int BlockRows => Math.Max(LeafRows, Tall * Columns);

    /// <summary>Columns of Q and rows of R.</summary>
    public int Steps => Math.Min(Rows, Columns);

    /// <summary>Operations of Q and R by reflectors (Golub and Van Loan 2013, section 5.2.2).</summary>
    public double Flops => (4.0 * Rows * Columns * Steps) - (2.0 * (Rows + Columns) * Steps * Steps) + (4.0 / 3 * Steps * Steps * Steps) + (2.0 * Steps * Steps * (Columns - (Steps / 3.0)));

    /// <summary>The route of the host.</summary>
    public static QrPlan OnHost(int rows, int columns)
    {
        QrPlan plan = new(rows, columns, QrRoute.Householder, $"{rows} x {columns}: blocks of {PanelWidth} reflectors on the products, for fewer than two leaves of rows");
        return rows >= 2L * plan.BlockRows && columns > 0
            ? plan with { Route = QrRoute.TallSkinny, Why = $"{rows} x {columns}: a tree over blocks of {plan.BlockRows} rows, one thread each, for two of them or more" }
            : plan;
    }

    /// <summary>The route of an accelerator.</summary>
    public static QrPlan OnAccelerator(int rows, int columns) => rows >= columns
        ? new(rows, columns, QrRoute.CholeskyQr, $"{rows} x {columns}: at least as many rows as columns, so that all but small triangles is products")
        : OnHost(rows, columns) with { Why = $"{rows} x {columns}: more columns than rows, by reflectors on the host" };
}
