using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>The cell where an alignment ends, and its value before any finish.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly record struct PairEnd<T>(int Row, int Column, T Value)
    where T : unmanaged
{
    /// <summary>Where the best path ends: the first of the least cells of the last row that may end one, unless one of the last column is less.</summary>
    /// <param name="ends">What may be left out at the ends.</param>
    /// <param name="rows">The length of x.</param>
    /// <param name="columns">The length of y.</param>
    /// <param name="lastRow">The cells of the last row.</param>
    /// <param name="rowStride">Elements from column to column.</param>
    /// <param name="lastColumn">The cells of the last column; read only where x may be left out at its end.</param>
    /// <param name="columnStride">Elements from row to row.</param>
    public static unsafe PairEnd<T> Of(WarpingEnds ends, int rows, int columns, T* lastRow, nint rowStride, T* lastColumn, nint columnStride)
    {
        int lastX = rows - 1, lastY = columns - 1;
        int first = (int)Math.Max(0, (long)lastY - ends.EndY);
        PairEnd<T> best = new(lastX, first, lastRow[first * rowStride]);
        for (int column = first + 1; column <= lastY; column++)
        {
            if (Less(lastRow[column * rowStride], best.Value)) best = new(lastX, column, lastRow[column * rowStride]);
        }

        for (int row = (int)Math.Max(0, (long)lastX - ends.EndX); row < lastX; row++)
        {
            if (Less(lastColumn[row * columnStride], best.Value)) best = new(row, lastY, lastColumn[row * columnStride]);
        }

        return best;
    }

    private static bool Less(T left, T right) => Element.ToDouble(left) < Element.ToDouble(right);
}
