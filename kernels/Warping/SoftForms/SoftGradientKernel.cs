using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Values and derivatives of soft alignments: a group owns a pair and goes along the diagonals of its table, a block of them a launch.</summary>
/// <remarks>
/// <para>As on the host: cells are significands with exponents of their own (<see cref="SoftForward{V, T, TFactor}"/>), a cell hands on
/// what passes it to its three neighbours by their shares (<see cref="SoftBackward{V, T, TFactor}"/>), shares are kept for one block
/// and computed again from what stood before it. Cells of a diagonal do not depend on each other, nor do the samples that
/// they add to, so every sum has one order, whatever the size of the group.</para>
/// <para>One barrier a diagonal makes what its threads wrote to global memory visible to the next; all bounds are the group's, so
/// that all of its threads meet it. No shared memory. Cost: about 30 operations a cell forward, twice, and 6 + 4 a channel back.</para>
/// </remarks>
internal static class SoftGradientKernel
{
    private const int Turns = 3;
    private const int Left = 0;
    private const int Above = 1;
    private const int Diagonal = 2;

    /// <summary>The kernel.</summary>
    /// <param name="x">Memory of the series of x, in units in which a squared difference is a cost over ln 2.</param>
    /// <param name="y">Memory of the series of y.</param>
    /// <param name="pairs">The pairs, one a group.</param>
    /// <param name="bands">First and last rows of their diagonals.</param>
    /// <param name="work">Working memory of the pairs.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run<V, T, TFactor>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<SoftDevicePair> pairs, ArrayView<int> bands, ArrayView<T> work, SoftGradientShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFactor : unmanaged, ISoftFactor<T>
    {
        SoftDevicePair pair = pairs[Grid.IdxX];
        ArrayView<V> memory = work.Cast<V>();
        long own = Grid.IdxX * shape.WorkPerPair;
        int diagonals = pair.Rows + pair.Columns - 1;
        int first = shape.Block * shape.BlockDiagonals;
        int end = first + shape.BlockDiagonals;
        bool isLast = end >= diagonals;

        // The last block is computed on the way back alone.
        if (first >= diagonals || (isLast && shape.GoesBack == 0)) return;
        if (isLast) end = diagonals;
        if (shape.Block == 0) Begin<V, T>(memory, own, shape);
        else if (shape.GoesBack != 0) Copy(memory, own, shape, pair.Rows, first, own + SavedAt(shape, shape.Block), isRestored: true);
        Meet();
        for (int k = first; k < end; k++)
        {
            Forward<V, T, TFactor>(x, y, bands, memory, shape, pair, own, k, k - first);
            Meet();
        }

        if (shape.GoesBack == 0)
        {
            Copy(memory, own, shape, pair.Rows, end, own + SavedAt(shape, shape.Block + 1), isRestored: false);
            return;
        }

        if (isLast) BeginBack<V, T>(memory, own, shape, pair, diagonals);
        Meet();
        for (int k = end - 1; k >= first; k--)
        {
            Back<V, T, TFactor>(x, y, bands, memory, shape, pair, own, k, k - first);
            Meet();
        }
    }

    /// <summary>What the group's threads wrote is seen by all of them.</summary>
    private static void Meet()
    {
        MemoryFence.GroupLevel();
        Group.Barrier();
    }

    private static long SavedAt(SoftGradientShape shape, int block) => shape.Saved + ((block - 1) * 4L * shape.Stride);

    /// <summary>Row 0 of a diagonal's significands; its exponents follow after <see cref="Turns"/> strides.</summary>
    private static long Ring(SoftGradientShape shape, long own, int diagonal) => own + ((long)((diagonal + Turns) % Turns) * shape.Stride) + 1;

    private static long Passed(SoftGradientShape shape, long own, int diagonal, int neighbour) =>
        own + shape.Passed + ((long)((diagonal % Turns * 3) + neighbour) * shape.Stride) + 1;

    private static void Begin<V, T>(ArrayView<V> memory, long own, SoftGradientShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (Group.IdxX != 0) return;
        long before = Ring(shape, own, -1), twoBefore = Ring(shape, own, -2), exponents = (long)Turns * shape.Stride;
        V nothing = V.Constant(0), wall = V.Constant(SoftRing<T>.WallExponent);
        memory[before - 1] = nothing;
        memory[before] = nothing;
        memory[twoBefore] = nothing;
        memory[twoBefore - 1] = V.Constant(1);
        memory[before + exponents - 1] = wall;
        memory[before + exponents] = wall;
        memory[twoBefore + exponents] = wall;
        memory[twoBefore + exponents - 1] = nothing;
    }

    /// <summary>The two diagonals before a block, between the ring and where they are saved.</summary>
    private static void Copy<V>(ArrayView<V> memory, long own, SoftGradientShape shape, int rows, int diagonal, long saved, bool isRestored)
        where V : unmanaged
    {
        for (int part = 0; part < 4; part++)
        {
            long ring = Ring(shape, own, diagonal - 1 - (part & 1)) + ((part >> 1) * (long)Turns * shape.Stride) - 1;
            long place = saved + ((long)part * shape.Stride);
            for (int i = Group.IdxX; i < rows + 2; i += Group.DimX)
            {
                if (isRestored) memory[ring + i] = memory[place + i];
                else memory[place + i] = memory[ring + i];
            }
        }
    }

    private static void Forward<V, T, TFactor>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<int> bands, ArrayView<V> memory, SoftGradientShape shape, SoftDevicePair pair, long own, int k, int inBlock)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFactor : unmanaged, ISoftFactor<T>
    {
        int firstRow = bands[pair.Band + k], lastRow = bands[pair.Band + pair.Rows + pair.Columns - 1 + k];
        long before = Ring(shape, own, k - 1), twoBefore = Ring(shape, own, k - 2), here = Ring(shape, own, k), exponents = (long)Turns * shape.Stride;
        long shares = own + shape.Shares + (inBlock * 3L * shape.Stride);
        for (int i = firstRow + Group.IdxX; i <= lastRow; i += Group.DimX)
        {
            V cost = V.Constant(0);
            for (int c = 0; c < shape.Channels; c++)
            {
                V difference = Difference<V, T, TFactor>(x, y, shape, pair, i, k - i, c);
                cost = V.MultiplyAdd(difference, difference, cost);
            }

            V nearest = V.Round(cost);
            V factor = TFactor.Significand(VectorMath.Exp2Fraction<V, T>(nearest - cost), nearest);
            V exponentDiagonal = memory[twoBefore + exponents + i - 1], exponentAbove = memory[before + exponents + i - 1], exponentLeft = memory[before + exponents + i];
            V largest = V.Max(exponentDiagonal, V.Max(exponentAbove, exponentLeft));
            V diagonal = V.ScaleDown(memory[twoBefore + i - 1], exponentDiagonal - largest);
            V above = V.ScaleDown(memory[before + i - 1], exponentAbove - largest);
            V left = V.ScaleDown(memory[before + i], exponentLeft - largest);

            // Above and left first, so that exchanging x and y changes no bit.
            V sum = above + left + diagonal;
            V weight = sum * factor;
            memory[here + i] = V.Mantissa(weight);
            memory[here + exponents + i] = largest - nearest + V.Exponent(weight);
            if (shape.GoesBack == 0) continue;
            V inverse = V.Constant(1) / sum;
            memory[shares + i] = left * inverse;
            memory[shares + shape.Stride + i] = above * inverse;
            memory[shares + (2L * shape.Stride) + i] = diagonal * inverse;
        }

        if (Group.IdxX != 0) return;
        V nothing = V.Constant(0), wall = V.Constant(SoftRing<T>.WallExponent);
        memory[here + firstRow - 1] = nothing;
        memory[here + lastRow + 1] = nothing;
        memory[here + exponents + firstRow - 1] = wall;
        memory[here + exponents + lastRow + 1] = wall;
    }

    /// <summary>The value; what arrives in the last cell is everything, and behind the last diagonal there is nothing.</summary>
    private static void BeginBack<V, T>(ArrayView<V> memory, long own, SoftGradientShape shape, SoftDevicePair pair, int diagonals)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V nothing = V.Constant(0);
        for (int i = Group.IdxX; i < pair.Rows * shape.Channels; i += Group.DimX) memory[own + shape.GradientX + i] = nothing;
        for (int i = Group.IdxX; i < pair.Columns * shape.Channels; i += Group.DimX) memory[own + shape.GradientY + i] = nothing;
        if (Group.IdxX != 0) return;
        int row = pair.Rows - 1;
        long last = Ring(shape, own, diagonals - 1) + row;
        memory[own + shape.Value] = memory[last];
        memory[own + shape.Value + 1] = memory[last + ((long)Turns * shape.Stride)];
        for (int k = diagonals; k <= diagonals + 1; k++)
        {
            for (int neighbour = 0; neighbour < 3; neighbour++)
            {
                for (int i = row - 1; i <= row + 1; i++) memory[Passed(shape, own, k, neighbour) + i] = nothing;
            }
        }

        memory[Passed(shape, own, diagonals, Left) + row] = V.Constant(1);
    }

    private static void Back<V, T, TFactor>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<int> bands, ArrayView<V> memory, SoftGradientShape shape, SoftDevicePair pair, long own, int k, int inBlock)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFactor : unmanaged, ISoftFactor<T>
    {
        int firstRow = bands[pair.Band + k], lastRow = bands[pair.Band + pair.Rows + pair.Columns - 1 + k];
        long fromLeft = Passed(shape, own, k + 1, Left), fromAbove = Passed(shape, own, k + 1, Above) + 1, fromDiagonal = Passed(shape, own, k + 2, Diagonal) + 1;
        long shares = own + shape.Shares + (inBlock * 3L * shape.Stride), arrivals = own + shape.Arrivals + ((long)inBlock * shape.Stride);
        long to = Passed(shape, own, k, 0);
        for (int i = firstRow + Group.IdxX; i <= lastRow; i += Group.DimX)
        {
            V weight = memory[fromLeft + i] + memory[fromAbove + i] + memory[fromDiagonal + i];
            for (int neighbour = 0; neighbour < 3; neighbour++)
            {
                long stride = (long)neighbour * shape.Stride;
                memory[to + stride + i] = weight * memory[shares + stride + i];
            }

            if (shape.KeepsArrivals != 0) memory[arrivals + i] = weight;
            for (int c = 0; c < shape.Channels; c++)
            {
                V difference = Difference<V, T, TFactor>(x, y, shape, pair, i, k - i, c);
                long inX = own + shape.GradientX + ((long)i * shape.Channels) + c, inY = own + shape.GradientY + ((long)(k - i) * shape.Channels) + c;
                memory[inX] = V.MultiplyAdd(weight, difference, memory[inX]);
                memory[inY] = memory[inY] - (weight * difference);
            }
        }

        if (Group.IdxX != 0) return;
        for (int neighbour = 0; neighbour < 3; neighbour++)
        {
            memory[to + ((long)neighbour * shape.Stride) + firstRow - 1] = V.Constant(0);
            memory[to + ((long)neighbour * shape.Stride) + lastRow + 1] = V.Constant(0);
        }
    }

    private static V Difference<V, T, TFactor>(ArrayView<T> x, ArrayView<T> y, SoftGradientShape shape, SoftDevicePair pair, int row, int column, int channel)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFactor : unmanaged, ISoftFactor<T> =>
        TFactor.Difference(V.Broadcast(x[pair.X + ((long)row * shape.Channels) + channel]), V.Broadcast(y[pair.Y + ((long)column * shape.Channels) + channel]));
}
