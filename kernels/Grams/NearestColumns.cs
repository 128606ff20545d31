using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Keeps the largest values of every row in descending order, equal ones by column; a value that is NaN is no neighbour.</summary>
/// <param name="count">Values kept of each row.</param>
/// <param name="excludeSelf">Whether column i is left out of row i.</param>
/// <param name="indices">rows x count, -1 at first.</param>
/// <param name="values">rows x count.</param>
internal readonly unsafe struct NearestColumns<V, T>(int count, bool excludeSelf, int* indices, T* values) : ITileConsumer<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public void Accept(int row, int rows, int column, int columns, T* tile, int stride)
    {
        for (int r = 0; r < rows; r++) Accept(row + r, column, columns, tile + ((long)r * stride));
    }

    private void Accept(int row, int column, int columns, T* candidates)
    {
        int* rowIndices = indices + ((long)row * count);
        T* rowValues = values + ((long)row * count);
        for (int c = 0; c < columns; c += V.Count)
        {
            int lanes = Math.Min(V.Count, columns - c);

            // Columns come in ascending order, so only a value above the last one kept displaces it. Nearly none does.
            bool full = rowIndices[count - 1] >= 0;
            if (full && !V.AnyLess(V.Broadcast(rowValues[count - 1]), V.LoadPartial(candidates + c, lanes))) continue;
            for (int lane = 0; lane < lanes; lane++)
            {
                int candidate = column + c + lane;
                if (!(excludeSelf && candidate == row)) Insert(candidate, candidates[c + lane], rowIndices, rowValues);
            }
        }
    }

    private void Insert(int candidate, T value, int* rowIndices, T* rowValues)
    {
        double similarity = Element.ToDouble(value);
        if (double.IsNaN(similarity)) return;
        int place = count;
        while (place > 0 && (rowIndices[place - 1] < 0 || Element.ToDouble(rowValues[place - 1]) < similarity)) place--;
        if (place == count) return;
        for (int later = count - 1; later > place; later--)
        {
            rowIndices[later] = rowIndices[later - 1];
            rowValues[later] = rowValues[later - 1];
        }

        rowIndices[place] = candidate;
        rowValues[place] = value;
    }
}
