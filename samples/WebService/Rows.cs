using System.Numerics.Tensors;

namespace WebService;

/// <summary>Matrices as JSON has them.</summary>
internal static class Rows
{
    /// <summary>Rows of one length as a tensor.</summary>
    /// <exception cref="ArgumentException">There are none, or their lengths differ.</exception>
    public static Tensor<float> ToTensor(float[][] rows, string name)
    {
        if (rows is null or []) throw new ArgumentException($"'{name}' has no rows");
        int columns = rows[0].Length, odd = Array.FindIndex(rows, row => row.Length != columns);
        if (odd >= 0) throw new ArgumentException($"'{name}' has {columns} columns in row 0 and {rows[odd].Length} in row {odd}");
        float[] elements = new float[rows.Length * columns];
        for (int i = 0; i < rows.Length; i++) rows[i].CopyTo(elements, i * columns);
        return Tensor.Create(elements, [rows.Length, columns]);
    }

    /// <summary>A matrix as rows.</summary>
    public static float[][] Of(Tensor<float> matrix)
    {
        float[][] rows = new float[(int)matrix.Lengths[0]][];
        for (int i = 0; i < rows.Length; i++) rows[i] = matrix.AsReadOnlyTensorSpan().GetSpan([i, 0], (int)matrix.Lengths[1]).ToArray();
        return rows;
    }
}
