using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// Row by row: result[i] = function(sum over k of term(x[i, k], y[i, k])). With y one repeated vector it is a matrix-vector
/// product, with y = x the squared norms, with y a repeated one the sums of the rows, or of the columns of a transposed view.
/// </summary>
/// <remarks>
/// The threads of a group divide the features of its rows among them, each sum in four accumulators, and add their sums up in
/// shared memory pairwise: the order depends on the group's size, never on timing. Where the features outnumber the rows by
/// far, they fall into chunks, whose sums a second pass adds up.
/// </remarks>
internal static class RowProductKernel
{
    /// <summary>The most threads of a group; a group's size is a power of two.</summary>
    public const int MaxGroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="x">Memory of the left operand.</param>
    /// <param name="y">Memory of the right operand.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="centre">What is subtracted from both operands, one element per feature.</param>
    /// <param name="shape">Sizes and layouts.</param>
    /// <param name="scale">Factor of the centred operands.</param>
    /// <param name="function">What becomes of a sum; row and column values are zero.</param>
    public static void Run<V, T, TTerm, TFunction>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<T> result, ArrayView<T> centre, RowProductShape shape, T scale, TFunction function)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        long number = shape.FirstGroup + Grid.IdxX;
        long matrix = number / ((long)shape.RowGroups * shape.Chunks);
        int rest = (int)(number - (matrix * shape.RowGroups * shape.Chunks));
        int chunk = rest / shape.RowGroups;
        int lanes = Group.DimX / shape.RowsPerGroup;
        bool alongRows = shape.X.AlongRows != 0;
        int rowInGroup = alongRows ? Group.IdxX % shape.RowsPerGroup : Group.IdxX / lanes;
        int lane = alongRows ? Group.IdxX / shape.RowsPerGroup : Group.IdxX % lanes;
        int row = ((rest - (chunk * shape.RowGroups)) * shape.RowsPerGroup) + rowInGroup;

        V sum = default;
        if (row < shape.Rows) sum = Sum<V, T, TTerm>(x, y, centre, shape, scale, matrix, row, chunk, lane, lanes);
        sum = AddUp<V, T>(sum, rowInGroup, lane, lanes);
        if (row >= shape.Rows || lane != 0) return;

        long place = shape.Result.Offset + (matrix * shape.Result.BatchStride)
            + (row * shape.Result.RowStride) + (chunk * shape.Result.ColumnStride);
        V zero = V.Constant(0);
        V previous = zero;
        if (TFunction.ReadsPrevious) previous = V.Broadcast(result[place]);
        result.Cast<V>()[place] = function.Evaluate(sum, zero, zero, previous);
    }

    private static V Sum<V, T, TTerm>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<T> centre, RowProductShape shape, T scale, long matrix, int row, int chunk, int lane, int lanes)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
    {
        long xRow = shape.X.Offset + (matrix * shape.X.BatchStride) + (row * shape.X.RowStride);
        long yRow = shape.Y.Offset + (matrix * shape.Y.BatchStride) + (row * shape.Y.RowStride);
        int first = chunk * shape.ChunkDepth;
        int end = shape.Depth - first < shape.ChunkDepth ? shape.Depth : first + shape.ChunkDepth;
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int feature = first + lane;

        // Four loads in flight at a time; the sums that the tail leaves out keep their value.
        for (; feature < end - (3 * lanes); feature += 4 * lanes)
        {
            sum0 = Add<V, T, TTerm>(sum0, x, y, centre, shape, scale, xRow, yRow, feature);
            sum1 = Add<V, T, TTerm>(sum1, x, y, centre, shape, scale, xRow, yRow, feature + lanes);
            sum2 = Add<V, T, TTerm>(sum2, x, y, centre, shape, scale, xRow, yRow, feature + (2 * lanes));
            sum3 = Add<V, T, TTerm>(sum3, x, y, centre, shape, scale, xRow, yRow, feature + (3 * lanes));
        }

        for (; feature < end; feature += lanes) sum0 = Add<V, T, TTerm>(sum0, x, y, centre, shape, scale, xRow, yRow, feature);
        return sum0 + sum1 + (sum2 + sum3);
    }

    private static V Add<V, T, TTerm>(
        V sum, ArrayView<T> x, ArrayView<T> y, ArrayView<T> centre, RowProductShape shape, T scale, long xRow, long yRow, int feature)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T> => TTerm.Accumulate(
            sum,
            DeviceElement.Load<V, T>(x, xRow + (feature * shape.X.ColumnStride), centre, feature, shape.IsCentred, scale),
            DeviceElement.Load<V, T>(y, yRow + (feature * shape.Y.ColumnStride), centre, feature, shape.IsCentred, scale));

    /// <summary>The sum over the lanes of a row, in lane 0.</summary>
    private static V AddUp<V, T>(V sum, int row, int lane, int lanes)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> sums = SharedMemory.Allocate<V>(MaxGroupSize);
        int place = (row * lanes) + lane;
        sums[place] = sum;
        for (int half = lanes / 2; half > 0; half /= 2)
        {
            // The other half's sums must stand before they are added.
            Group.Barrier();
            if (lane < half) sums[place] += sums[place + half];
        }

        return sums[place];
    }
}
