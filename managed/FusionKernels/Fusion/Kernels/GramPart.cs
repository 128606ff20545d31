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
}
