using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The kernel of a view that is a ready Gram matrix.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class GivenGramKernel<T> : ISourceKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _columns;
    private readonly int[] _numbers;
    private readonly bool[] _present;

    /// <summary>Takes the rows and columns of the training rows.</summary>
    /// <exception cref="ArgumentException">The matrix is not square, or an element is not finite.</exception>
    public GivenGramKernel(Views views, int view)
    {
        View one = views.At(view);
        string name = views.Names[view];
        one.RequireSquare(name);
        _columns = one.Features;
        _numbers = [.. Enumerable.Range(0, views.Rows).Select(one.Row)];
        _present = [.. Enumerable.Range(0, views.Rows).Select(row => views.IsPresent(row, view))];
        Training = Against(views, view, name, null);
    }

    /// <inheritdoc/>
    public Tensor<T> Training { get; }

    /// <inheritdoc/>
    public Tensor<T> Against(Views rows, int view, string name, ExecutionOptions? options)
    {
        View one = rows.At(view);
        one.RequireColumns(name, _columns);
        T[] values = HostArray.Create<T>("KernelFusion", rows.Rows, _numbers.Length);
        for (int i = 0; i < rows.Rows; i++)
        {
            if (!rows.IsPresent(i, view)) continue;
            for (int j = 0; j < _numbers.Length; j++)
            {
                if (_present[j]) values[(i * _numbers.Length) + j] = one.FiniteSimilarity<T>(i, _numbers[j], name);
            }
        }

        return Tensor.Create(values, [rows.Rows, _numbers.Length]);
    }
}
