using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Arithmetic on one row of a tile; rows have room for a whole vector beyond their end.</summary>
internal static unsafe class RowArithmetic<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>left += right.</summary>
    public static void Add(T* left, T* right, int columns)
    {
        for (int c = 0; c < columns; c += V.Count) V.Store(V.Load(left + c) + V.Load(right + c), left + c);
    }

    /// <summary>left *= right.</summary>
    public static void Multiply(T* left, T* right, int columns)
    {
        for (int c = 0; c < columns; c += V.Count) V.Store(V.Load(left + c) * V.Load(right + c), left + c);
    }

    /// <summary>row *= factor.</summary>
    public static void Scale(T* row, T factor, int columns)
    {
        for (int c = 0; c < columns; c += V.Count) V.Store(V.Load(row + c) * V.Broadcast(factor), row + c);
    }

    /// <summary>row -= (rowMean + columnMeans) - mean; in this order the two means change places without changing a bit.</summary>
    public static void Centre(T* row, T rowMean, T* columnMeans, T mean, int columns)
    {
        for (int c = 0; c < columns; c += V.Count)
        {
            V means = V.LoadPartial(columnMeans + c, Math.Min(V.Count, columns - c));
            V.Store(V.Load(row + c) - ((V.Broadcast(rowMean) + means) - V.Broadcast(mean)), row + c);
        }
    }

    /// <summary>row *= weight * columnWeights.</summary>
    public static void Weight(T* row, T weight, T* columnWeights, int columns)
    {
        for (int c = 0; c < columns; c += V.Count)
        {
            V weights = V.LoadPartial(columnWeights + c, Math.Min(V.Count, columns - c));
            V.Store(V.Load(row + c) * (V.Broadcast(weight) * weights), row + c);
        }
    }

    /// <summary>The sum of the row's values, in float64, in a fixed order.</summary>
    public static double Sum(T* row, int columns)
    {
        double sum = 0;
        V lanes = default;
        int c = 0;
        for (int inChunk = 0; c + V.Count <= columns; c += V.Count)
        {
            lanes += V.Load(row + c);
            if (++inChunk < 16) continue;
            sum += Element.ToDouble(V.Sum(lanes));
            lanes = default;
            inChunk = 0;
        }

        sum += Element.ToDouble(V.Sum(lanes));
        for (; c < columns; c++) sum += Element.ToDouble(row[c]);
        return sum;
    }

    /// <summary>left . right in a fixed order: four accumulators, so that one multiply-add need not wait for the last; nothing beyond the end is read.</summary>
    public static double Dot(T* left, T* right, int columns)
    {
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int c = 0;
        for (; c + (4 * V.Count) <= columns; c += 4 * V.Count)
        {
            sum0 = V.MultiplyAdd(V.Load(left + c), V.Load(right + c), sum0);
            sum1 = V.MultiplyAdd(V.Load(left + c + V.Count), V.Load(right + c + V.Count), sum1);
            sum2 = V.MultiplyAdd(V.Load(left + c + (2 * V.Count)), V.Load(right + c + (2 * V.Count)), sum2);
            sum3 = V.MultiplyAdd(V.Load(left + c + (3 * V.Count)), V.Load(right + c + (3 * V.Count)), sum3);
        }

        for (; c < columns; c += V.Count)
        {
            int lanes = Math.Min(V.Count, columns - c);
            sum0 = V.MultiplyAdd(V.LoadPartial(left + c, lanes), V.LoadPartial(right + c, lanes), sum0);
        }

        return Element.ToDouble(V.Sum((sum0 + sum1) + (sum2 + sum3)));
    }

    /// <summary>sums += row, in float64.</summary>
    public static void AddTo(double* sums, T* row, int columns)
    {
        for (int c = 0; c < columns; c++) sums[c] += Element.ToDouble(row[c]);
    }
}
