using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Rows of matrices.</summary>
internal static class MatrixRows
{
    /// <summary>Some of them, in their order.</summary>
    public static Tensor<T> Take<T>(Tensor<T> matrix, IReadOnlyList<int> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = (int)matrix.Lengths[1];
        T[] all = new T[matrix.FlattenedLength], taken = new T[rows.Count * width];
        matrix.FlattenTo(all);
        for (int i = 0; i < rows.Count; i++) all.AsSpan(rows[i] * width, width).CopyTo(taken.AsSpan(i * width));
        return Tensor.Create(taken, [rows.Count, width]);
    }
}
