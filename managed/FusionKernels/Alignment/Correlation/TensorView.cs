using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A tensor as a view whose rows are read in chunks.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class TensorView<T> : IRowView
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _tensor;
    private readonly string _name;

    /// <summary>Takes a matrix.</summary>
    /// <exception cref="ArgumentException">It is no matrix.</exception>
    public TensorView(Tensor<T> tensor, string name)
    {
        MatrixRef<T> matrix = tensor.AsReadOnlyTensorSpan().AsMatrix(name);
        (_tensor, _name, Rows, Columns) = (tensor, name, matrix.Rows, matrix.Columns);
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <inheritdoc/>
    public double[] Means(ReadOnlySpan<bool> present) => ColumnMeans.Of(_tensor.AsReadOnlyTensorSpan().AsMatrix(_name), present, _name);

    /// <inheritdoc/>
    public void Fill(int first, ReadOnlySpan<bool> present, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, DenseMatrix chunk, int column) =>
        ViewRows.Fill(_tensor.AsReadOnlyTensorSpan().AsMatrix(_name), first, present, weights, means, chunk, column);
}
