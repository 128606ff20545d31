using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Rows and columns of a matrix.</summary>
internal static class GramPart
{
    /// <summary>Copies some rows.</summary>
    public static Tensor<T> Rows<T>(Tensor<T> matrix, int[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Take(matrix, rows, [.. Enumerable.Range(0, (int)matrix.Lengths[1])]);

    /// <summary>Copies some columns.</summary>
    public static Tensor<T> Columns<T>(Tensor<T> matrix, int[] columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Take(matrix, [.. Enumerable.Range(0, (int)matrix.Lengths[0])], columns);

    /// <summary>Copies the elements of some rows and columns.</summary>
    public static Tensor<T> Take<T>(Tensor<T> matrix, int[] rows, int[] columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] result = HostArray.Create<T>("KernelFusion", rows.Length, columns.Length);
        ReadOnlyTensorSpan<T> cells = matrix.AsReadOnlyTensorSpan();
        int next = 0;
        foreach (int row in rows)
        {
            foreach (int column in columns) result[next++] = cells[row, column];
        }

        return Tensor.Create(result, [rows.Length, columns.Length]);
    }

    /// <summary>Puts a matrix of some rows and columns in its place in a larger one, 0 elsewhere.</summary>
    /// <param name="part">rows x columns.</param>
    /// <param name="rows">By row of the part: its row in the result, ascending.</param>
    /// <param name="columns">By column of the part: its column in the result, ascending.</param>
    /// <param name="allRows">Rows of the result.</param>
    /// <param name="allColumns">Columns of the result.</param>
    public static Tensor<T> Spread<T>(Tensor<T> part, int[] rows, int[] columns, int allRows, int allColumns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.Length == allRows && columns.Length == allColumns) return part;
        Tensor<T> result = Tensor.CreateFromShape<T>([allRows, allColumns]);
        TensorSpan<T> cells = result.AsTensorSpan();
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++) cells[rows[i], columns[j]] = part[i, j];
        }

        return result;
    }
}
