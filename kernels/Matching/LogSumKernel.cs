using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Matching;

/// <summary>Sums of exp(potential + factor score) along the rows of one tile, added to what the tiles before it left.</summary>
/// <remarks>
/// A group owns a row; its threads take every so manieth column, side by side, and combine their maxima, then their sums, in
/// shared memory pairwise: the order depends on the group's size alone. 256 elements of shared memory.
/// </remarks>
internal static class LogSumKernel
{
    /// <summary>The most threads of a group; a group's size is a power of two.</summary>
    public const int MaxGroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="scores">Memory of the tile.</param>
    /// <param name="potentials">One per column of the matrix.</param>
    /// <param name="maxima">By row of the matrix: the largest exponent so far.</param>
    /// <param name="sums">By row of the matrix: the sum so far, relative to it.</param>
    /// <param name="shape">Sizes and places.</param>
    /// <param name="factor">Factor of the scores.</param>
    public static void Run<V, T>(ArrayView<T> scores, ArrayView<T> potentials, ArrayView<T> maxima, ArrayView<T> sums, LogSumShape shape, T factor)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> shared = SharedMemory.Allocate<V>(MaxGroupSize);
        int row = shape.First + Grid.IdxX, lane = Group.IdxX;
        long start = shape.Offset + (row * shape.RowStride);
        V scale = V.Broadcast(factor), none = V.Constant(V.IsDouble ? LogSum.None64 : LogSum.None32);
        V most = none;
        for (int c = lane; c < shape.Columns; c += Group.DimX)
        {
            most = V.Max(most, V.MultiplyAdd(V.Broadcast(scores[start + c]), scale, V.Broadcast(potentials[shape.Column + c])));
        }

        shared[lane] = most;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's maxima must stand before they are compared.
            Group.Barrier();
            if (lane < half) shared[lane] = V.Max(shared[lane], shared[lane + half]);
        }

        Group.Barrier();
        V largest = shared[0];

        // Everybody must have read the maximum before sums take its place.
        Group.Barrier();
        V sum = V.Constant(0);
        for (int c = lane; c < shape.Columns; c += Group.DimX)
        {
            V exponent = V.MultiplyAdd(V.Broadcast(scores[start + c]), scale, V.Broadcast(potentials[shape.Column + c]));
            sum += VectorMath.Exp<V, T>(exponent - largest);
        }

        shared[lane] = sum;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's sums must stand before they are added.
            Group.Barrier();
            if (lane < half) shared[lane] += shared[lane + half];
        }

        if (lane != 0) return;
        int place = shape.Row + row;
        V before = V.Broadcast(maxima[place]), all = V.Max(before, largest);
        sums.Cast<V>()[place] = (V.Broadcast(sums[place]) * VectorMath.Exp<V, T>(before - all)) + (shared[0] * VectorMath.Exp<V, T>(largest - all));
        maxima.Cast<V>()[place] = all;
    }
}

/// <summary>Sizes and places of one tile, as a kernel argument.</summary>
internal struct LogSumShape
{
    /// <summary>The tile's first element.</summary>
    public long Offset;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>The first row of the tile that this launch takes.</summary>
    public int First;

    /// <summary>The tile's first row in the matrix.</summary>
    public int Row;

    /// <summary>The tile's first column in the matrix.</summary>
    public int Column;

    /// <summary>Columns of the tile.</summary>
    public int Columns;
}
