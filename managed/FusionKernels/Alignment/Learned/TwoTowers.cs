using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A network for each of two views into a common space.</summary>
internal sealed class TwoTowers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that are mapped at a time.</summary>
    private const int RowsAtOnce = 4096;

    private readonly DenseLayers<T>[] _towers;
    private readonly PairedRows<T>.Standardization[] _scales;
    private readonly TrainingOptions _options;

    /// <summary>Declares the networks' parameters.</summary>
    public TwoTowers(ParameterSet<T> parameters, PairedRows<T> rows, int outputs, LearnedOptions options)
    {
        _options = options;
        _scales = [rows.XScale, rows.YScale];
        _towers =
        [
            new(parameters.In("x"), [rows.XScale.Features, .. options.HiddenX, outputs], options.Activation, options.Dropout),
            new(parameters.In("y"), [rows.YScale.Features, .. options.HiddenY, outputs], options.Activation, options.Dropout),
        ];
    }

    /// <summary>The first view's rows in the common space.</summary>
    public Var<T> X(Var<T> rows) => _towers[0].Forward(rows);

    /// <summary>The second view's rows in the common space.</summary>
    public Var<T> Y(Var<T> rows) => _towers[1].Forward(rows);

    /// <summary>Rows of one view, given as they were measured, in the common space.</summary>
    public Tensor<T> Map(Tensor<T> view, int tower, string operation) =>
        MapStandardized(PairedRows<T>.New(view, _scales[tower], tower == 0 ? "x" : "y", operation), tower);

    /// <summary>Standardized rows of one view in the common space.</summary>
    public Tensor<T> MapStandardized(Tensor<T> view, int tower)
    {
        using Tape<T> tape = new(_options.Device, _options.Threads);
        int rows = (int)view.Lengths[0], outputs = _towers[tower].Layers[^1].Weight.Lengths[0];
        T[] mapped = new T[rows * outputs];
        int[] all = [.. Enumerable.Range(0, rows)];
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            tape.Clear();
            ReadOnlySpan<int> part = all.AsSpan(first, Math.Min(RowsAtOnce, rows - first));
            _towers[tower].Forward(tape.Rows(view, part)).Read().FlattenTo(mapped.AsSpan(first * outputs, part.Length * outputs));
        }

        return Tensor.Create(mapped, [rows, outputs]);
    }
}
