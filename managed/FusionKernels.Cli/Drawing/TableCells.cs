using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A table of pairs of samples, averaged down to what a screen shows.</summary>
internal static class TableCells
{
    /// <summary>Cells of an edge: about two points of a screen each.</summary>
    private const int MaximumEdge = 200;

    /// <summary>The means of the finite values; NaN where there is none.</summary>
    /// <param name="table">rows x columns.</param>
    public static double[,] Of<T>(Tensor<T> table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = (int)table.Lengths[0], columns = (int)table.Lengths[1];
        double[,] sums = new double[Math.Min(rows, MaximumEdge), Math.Min(columns, MaximumEdge)];
        int[,] counts = new int[sums.GetLength(0), sums.GetLength(1)];
        ReadOnlySpan<T> values = DataTensor.Flatten(table.AsReadOnlyTensorSpan());
        for (int row = 0; row < rows; row++)
        {
            int cellRow = Cell(row, rows, sums.GetLength(0));
            for (int column = 0; column < columns; column++)
            {
                T value = values[(int)(((long)row * columns) + column)];
                if (!T.IsFinite(value)) continue;
                int cellColumn = Cell(column, columns, sums.GetLength(1));
                sums[cellRow, cellColumn] += double.CreateChecked(value);
                counts[cellRow, cellColumn]++;
            }
        }

        for (int row = 0; row < sums.GetLength(0); row++)
        {
            for (int column = 0; column < sums.GetLength(1); column++) sums[row, column] = counts[row, column] == 0 ? double.NaN : sums[row, column] / counts[row, column];
        }

        return sums;

        static int Cell(int at, int samples, int cells) => (int)((long)at * cells / samples);
    }
}
