using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The way of one matrix into shared memory, and of its values and vectors out of it.</summary>
internal static class JacobiStaging
{
    /// <summary>Loads the lower half, padded by zeros, and the identity; the largest magnitude comes back, infinity where an element is not finite.</summary>
    public static V Load<V, T>(ArrayView<T> source, JacobiMemory<V> memory, JacobiShape shape, long number, int even)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long start = shape.Matrix.Offset + (number * shape.Matrix.BatchStride);
        V largest = V.Constant(0);
        for (int place = Group.IdxX; place < even * even; place += Group.DimX)
        {
            int row = place / even, column = place % even;
            memory.Vectors[(row * memory.Stride) + column] = row == column ? V.Constant(1) : V.Constant(0);
            if (column > row) continue;
            V element = V.Constant(0);
            if (row < shape.Order) element = V.Broadcast(source[start + (row * shape.Matrix.RowStride) + (column * shape.Matrix.ColumnStride)]);
            memory.Matrix[(row * memory.Stride) + column] = element;
            largest = V.Max(largest, JacobiMeasureKernel.Magnitude<V, T>(element));
        }

        return GroupLargest.Of<V, T>(memory.Largest, largest);
    }

    /// <summary>Brings the largest magnitude into [1, 2) by a power of two, whose exponent comes back; a matrix of zeros stays.</summary>
    public static V Scale<V, T>(JacobiMemory<V> memory, int even, V largest)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V zero = V.Constant(0);
        if (!V.IsLess(zero, largest)) return zero;

        // A denormal number has no exponent of its own: 2^100 brings it where it has.
        V lift = V.SelectLess(largest, V.Constant(1e-20), V.Constant(100), zero);
        V power = V.Exponent(V.ScaleByPowerOfTwo(largest, lift)) - lift;
        for (int place = Group.IdxX; place < even * even; place += Group.DimX)
        {
            int row = place / even, column = place % even;
            int here = (row * memory.Stride) + column;
            if (column <= row) memory.Matrix[here] = V.ScaleByPowerOfTwo(memory.Matrix[here], zero - power);
        }

        // All must be scaled before any is compared.
        Group.Barrier();
        return power;
    }

    /// <summary>Writes values and vectors, in descending order and with fixed signs where that is asked for.</summary>
    public static void Store<V, T>(ArrayView<T> values, ArrayView<T> vectors, JacobiMemory<V> memory, JacobiShape shape, long number, V power)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        for (int column = Group.IdxX; column < shape.Order; column += Group.DimX)
        {
            memory.Columns[shape.IsSorted != 0 ? Rank<V, T>(memory, shape.Order, column) : Place(shape, number, column)] = column;
            memory.Sines[column] = shape.IsSorted != 0 ? Sign<V, T>(memory, shape.Order, column) : V.Constant(1);
        }

        // Places and signs must stand before they are read.
        Group.Barrier();
        long start = shape.Values.Offset + (number * shape.Values.BatchStride);
        for (int place = Group.IdxX; place < shape.Kept; place += Group.DimX)
        {
            V value = memory.Matrix[memory.Columns[place] * (memory.Stride + 1)];
            values.Cast<V>()[start + (place * shape.Values.ColumnStride)] = V.ScaleByPowerOfTwo(value, power);
        }

        if (shape.HasVectors == 0) return;
        start = shape.Vectors.Offset + (number * shape.Vectors.BatchStride);
        for (int item = Group.IdxX; item < shape.Order * shape.Kept; item += Group.DimX)
        {
            int row = item / shape.Kept, place = item % shape.Kept, column = memory.Columns[place];
            vectors.Cast<V>()[start + (row * shape.Vectors.RowStride) + (place * shape.Vectors.ColumnStride)] =
                memory.Vectors[(row * memory.Stride) + column] * memory.Sines[column];
        }
    }

    /// <summary>The larger values, and the equal ones of lower columns, come first.</summary>
    private static int Rank<V, T>(JacobiMemory<V> memory, int order, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V own = memory.Matrix[column * (memory.Stride + 1)];
        int rank = 0;
        for (int other = 0; other < order; other++)
        {
            V value = memory.Matrix[other * (memory.Stride + 1)];
            if (V.IsLess(own, value) || (other < column && !V.IsLess(value, own))) rank++;
        }

        return rank;
    }

    /// <summary>1 with the sign of the first entry of largest magnitude.</summary>
    private static V Sign<V, T>(JacobiMemory<V> memory, int order, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V largest = V.Constant(0);
        for (int row = 0; row < order; row++)
        {
            V entry = memory.Vectors[(row * memory.Stride) + column];
            if (V.IsLess(V.Abs(largest), V.Abs(entry))) largest = entry;
        }

        return V.CopySign(V.Constant(1), largest);
    }

    /// <summary>Where a column of the rotations goes: to itself, or to the other half.</summary>
    private static int Place(JacobiShape shape, long number, int column)
    {
        int half = shape.Order / 2;
        int inRun = shape.RunLength == 0 ? 1 : (int)(number % shape.RunLength);
        bool stays = shape.IsSwapped == 0 || (shape.RunLength != 0 && (inRun == 0 || inRun == shape.RunLength - 1));
        return stays ? column : column < half ? column + half : column - half;
    }
}
