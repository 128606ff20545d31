using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>How a device diagonalises symmetric matrices or makes columns orthogonal, decided from shapes alone.</summary>
/// <param name="Rows">Entries of each column; the order of a symmetric matrix.</param>
/// <param name="Order">Columns that are rotated.</param>
/// <param name="Items">Matrices.</param>
/// <param name="BlockWidth">Columns of a block; two blocks are one group's to rotate.</param>
/// <param name="Blocks">Blocks of the tournament, an even number; 2 where one group rotates all columns.</param>
/// <param name="Padding">Blocks of zeros before and behind the others.</param>
/// <param name="IsOneSided">Whether columns are made orthogonal, for singular values.</param>
internal readonly record struct JacobiPlan(int Rows, int Order, int Items, int BlockWidth, int Blocks, int Padding, bool IsOneSided)
{
    /// <summary>
    /// Columns of a block: a round of a 32 x 32 pair takes a group about as long as the products that follow take a device at
    /// orders around 1000, and twice the width doubles the rounds of a pair while it halves those of the tournament.
    /// </summary>
    public const int Width = 16;

    /// <summary>Sweeps after which a matrix has not converged; six to ten are what it takes.</summary>
    public const int MostSweeps = 40;

    /// <summary>Sweeps within a pair of blocks each time that two blocks meet: what is left over is met again.</summary>
    public const int SweepsOfPair = 2;

    private static readonly int[] s_forms32 = [Order64.Order, Order32.Order, Order16.Order];
    private static readonly int[] s_forms64 = [Order48.Order, Order32.Order, Order16.Order];

    /// <summary>Columns up to which one group rotates all of a matrix.</summary>
    public required int MostOfGroup { get; init; }

    /// <summary>Whether one group rotates all columns of a matrix.</summary>
    public bool IsSingle => Padding == 0;

    /// <summary>Columns of a pair of blocks.</summary>
    public int PairWidth => 2 * BlockWidth;

    /// <summary>Rows of working memory per matrix, of a row per column.</summary>
    public int WorkRows => (Blocks + (2 * Padding)) * BlockWidth;

    /// <summary>Floating-point operations at the usual eight sweeps.</summary>
    public double Flops
    {
        get
        {
            double n = Order, m = IsOneSided ? Rows : n, sweep = IsOneSided ? 4 * n * n * ((1.5 * m) + n) : 12 * n * n * n;
            return 8 * sweep * Items;
        }
    }

    /// <summary>The route and why it was taken, in words.</summary>
    public string Reason
    {
        get
        {
            string what = $"{Items} x {(IsOneSided ? $"{Rows} x {Order}" : $"order {Order}")}";
            string how = IsSingle && IsOneSided ? "Gram matrices, Jacobi rotations by a group each, applied by batched products"
                : IsSingle ? "Jacobi rotations in shared memory, a group per matrix"
                : $"{(IsOneSided ? "one" : "two")}-sided block Jacobi, {Blocks} blocks of {BlockWidth}, applied by batched products";
            return $"{what}: {how}, for {(IsSingle ? "at most" : "more than")} the {MostOfGroup} columns of a group";
        }
    }

    /// <summary>Plans eigenvalues of symmetric matrices.</summary>
    /// <param name="limits">The device.</param>
    /// <param name="elementBytes">4 or 8.</param>
    /// <param name="order">Rows and columns.</param>
    /// <param name="items">Matrices.</param>
    /// <param name="blockWidth">Columns of a block where the matrix is cut; null to choose.</param>
    public static JacobiPlan Eigen(in DeviceLimits limits, int elementBytes, int order, int items, int? blockWidth = null) =>
        Choose(limits, elementBytes, order, order, items, blockWidth, isOneSided: false);

    /// <summary>Plans singular values of matrices of at least as many rows as columns.</summary>
    /// <param name="limits">The device.</param>
    /// <param name="elementBytes">4 or 8.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="order">Columns.</param>
    /// <param name="items">Matrices.</param>
    /// <param name="blockWidth">Columns of a block where the matrix is cut; null to choose.</param>
    public static JacobiPlan Svd(in DeviceLimits limits, int elementBytes, int rows, int order, int items, int? blockWidth = null) =>
        Choose(limits, elementBytes, rows, order, items, blockWidth, isOneSided: true);

    /// <summary>The row of working memory where each column stands after all steps of so many sweeps, the padding left out.</summary>
    /// <param name="isReversed">Whether their number is odd, so that the blocks stand in reverse order.</param>
    public IEnumerable<int> Places(bool isReversed)
    {
        JacobiPlan plan = this;
        return Enumerable.Range(0, Order).Select(column =>
        {
            (int block, int within) = Math.DivRem(column, plan.BlockWidth);
            return (((isReversed ? plan.Blocks - 1 - block : block) + plan.Padding) * plan.BlockWidth) + within;
        });
    }

    /// <summary>The largest matrix that a group of the device has room for.</summary>
    public static int MostInGroup(in DeviceLimits limits, int elementBytes)
    {
        foreach (int form in elementBytes == 4 ? s_forms32 : s_forms64)
        {
            if (SharedBytes(form, elementBytes) <= limits.SharedMemoryPerGroup) return form;
        }

        return s_forms32[^1];
    }

    /// <summary>Shared memory of a form of the kernel.</summary>
    public static int SharedBytes(int form, int elementBytes) =>
        (elementBytes * ((2 * form * (form + 1)) + (3 * form / 2) + JacobiEigenKernel.MaxGroupSize)) + (sizeof(int) * form);

    private static JacobiPlan Choose(in DeviceLimits limits, int elementBytes, int rows, int order, int items, int? blockWidth, bool isOneSided)
    {
        int room = MostInGroup(limits, elementBytes), most = 2 * blockWidth ?? room;
        if (order <= most) return new(rows, order, items, Math.Max(1, (order + 1) / 2), 2, 0, isOneSided) { MostOfGroup = most };
        int width = Math.Min(blockWidth ?? Width, room / 2);
        return new(rows, order, items, width, (order + (2 * width) - 1) / (2 * width) * 2, 1, isOneSided) { MostOfGroup = most };
    }
}
