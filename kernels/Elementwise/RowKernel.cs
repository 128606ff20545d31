using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>An operation on whole rows.</summary>
/// <remarks>
/// A group owns a row; its threads take every so manieth column, side by side, and combine what they bring in shared memory
/// pairwise: the order depends on the group's size alone. 256 elements of shared memory.
/// </remarks>
internal static class RowKernel
{
    /// <summary>The most threads of a group; a group's size is a power of two.</summary>
    public const int MaxGroupSize = 256;

    private const double None32 = -3.4028234663852886e38, None64 = -1.7976931348623157e308;

    /// <summary>The kernel.</summary>
    /// <param name="views">Memory of result, operands and statistics.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="rule">The rule.</param>
    public static void Run<V, T, TRule>(RowViews<T> views, RowShape shape, TRule rule)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IRowRule<T>
    {
        ArrayView<V> shared = SharedMemory.Allocate<V>(MaxGroupSize);
        int row = shape.First + Grid.IdxX, lane = Group.IdxX;
        V reduced = TRule.FirstIsLargest ? V.Constant(V.IsDouble ? None64 : None32) : V.Constant(0);
        for (int c = lane; c < shape.Columns; c += Group.DimX)
        {
            V brought = rule.First(
                A<V, T>(views, shape, row, c), B<V, T, TRule>(views, shape, row, c), C<V, T, TRule>(views, shape, row, c), D<V, T, TRule>(views, shape, row, c));
            reduced = TRule.FirstIsLargest ? V.Max(reduced, brought) : reduced + brought;
        }

        shared[lane] = reduced;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's part must stand before it is taken.
            Group.Barrier();
            if (lane < half) shared[lane] = TRule.FirstIsLargest ? V.Max(shared[lane], shared[lane + half]) : shared[lane] + shared[lane + half];
        }

        Group.Barrier();
        V first = shared[0];

        // Everybody must have read it before the next sums take its place.
        Group.Barrier();
        V sum = V.Constant(0);
        if (TRule.HasSecond)
        {
            for (int c = lane; c < shape.Columns; c += Group.DimX)
            {
                sum += rule.Second(
                    A<V, T>(views, shape, row, c),
                    B<V, T, TRule>(views, shape, row, c),
                    C<V, T, TRule>(views, shape, row, c),
                    D<V, T, TRule>(views, shape, row, c),
                    first);
            }
        }

        shared[lane] = sum;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // As above.
            Group.Barrier();
            if (lane < half) shared[lane] += shared[lane + half];
        }

        Group.Barrier();
        V second = shared[0];
        for (int c = lane; c < shape.Columns; c += Group.DimX)
        {
            V value = rule.Result(
                A<V, T>(views, shape, row, c),
                B<V, T, TRule>(views, shape, row, c),
                C<V, T, TRule>(views, shape, row, c),
                D<V, T, TRule>(views, shape, row, c),
                first,
                second);
            long at = shape.Result.At(row, c);
            if (shape.Adds != 0) value = V.Broadcast(views.Result[at]) + value;
            views.Result.Cast<V>()[at] = value;
        }

        if (lane == 0 && shape.HasStatistics != 0) views.Statistics.Cast<V>()[shape.Statistics.At(row, 0)] = rule.Statistic(first, second);
    }

    private static V A<V, T>(RowViews<T> views, RowShape shape, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => V.Broadcast(views.A[shape.A.At(row, column)]);

    private static V B<V, T, TRule>(RowViews<T> views, RowShape shape, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 1 ? V.Broadcast(views.B[shape.B.At(row, column)]) : V.Constant(0);

    private static V C<V, T, TRule>(RowViews<T> views, RowShape shape, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 2 ? V.Broadcast(views.C[shape.C.At(row, column)]) : V.Constant(0);

    private static V D<V, T, TRule>(RowViews<T> views, RowShape shape, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 3 ? V.Broadcast(views.D[shape.D.At(row, column)]) : V.Constant(0);
}

/// <summary>Memory of an operation on rows, as a kernel argument.</summary>
internal struct RowViews<T>
    where T : unmanaged
{
    /// <summary>The result.</summary>
    public ArrayView<T> Result;

    /// <summary>The first operand.</summary>
    public ArrayView<T> A;

    /// <summary>The second operand; anything where there is none.</summary>
    public ArrayView<T> B;

    /// <summary>The third operand.</summary>
    public ArrayView<T> C;

    /// <summary>The fourth operand.</summary>
    public ArrayView<T> D;

    /// <summary>The rows' statistics.</summary>
    public ArrayView<T> Statistics;
}

/// <summary>Sizes and places of an operation on rows, as a kernel argument.</summary>
internal struct RowShape
{
    /// <summary>The first row of this launch.</summary>
    public int First;

    /// <summary>Columns.</summary>
    public int Columns;

    /// <summary>1 where values are added to what stands there.</summary>
    public int Adds;

    /// <summary>1 where statistics are kept.</summary>
    public int HasStatistics;

    /// <summary>Where the result lies.</summary>
    public ElementPlace Result;

    /// <summary>Where the first operand lies.</summary>
    public ElementPlace A;

    /// <summary>Where the second operand lies.</summary>
    public ElementPlace B;

    /// <summary>Where the third operand lies.</summary>
    public ElementPlace C;

    /// <summary>Where the fourth operand lies.</summary>
    public ElementPlace D;

    /// <summary>Where the statistics lie.</summary>
    public ElementPlace Statistics;
}
