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
        nint rows = one.Source is Tensor<float> single ? single.Lengths[0] : ((Tensor<double>)one.Source!).Lengths[0];
        if (rows != one.Features) throw new ArgumentException($"view '{name}' is a Gram matrix of {rows} x {one.Features}: that of training rows is square");
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
        if (one.Features != _columns) throw new ArgumentException($"view '{name}' is a Gram matrix of {one.Features} columns; the model's view had {_columns} rows in all, and needs the similarities to them");
        T[] values = new T[checked(rows.Rows * _numbers.Length)];
        for (int i = 0; i < rows.Rows; i++)
        {
            if (!rows.IsPresent(i, view)) continue;
            for (int j = 0; j < _numbers.Length; j++)
            {
                if (!_present[j]) continue;
                T value = one.Similarity<T>(i, _numbers[j]);
                if (!T.IsFinite(value)) throw new ArgumentException($"view '{name}', row {i}, column {_numbers[j]} of the Gram matrix is not a finite number");
                values[(i * _numbers.Length) + j] = value;
            }
        }

        return Tensor.Create(values, [rows.Rows, _numbers.Length]);
    }
}
