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

    /// <summary>sums += row, in float64.</summary>
    public static void AddTo(double* sums, T* row, int columns)
    {
        for (int c = 0; c < columns; c++) sums[c] += Element.ToDouble(row[c]);
    }
}
