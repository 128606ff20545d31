using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A network for each of two views into a common space.</summary>
internal sealed class TwoTowers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseLayers<T>[] _towers;
    private readonly Standardization<T>[] _scales;
    private readonly Activation _activation;
    private readonly ExecutionOptions _execution;

    /// <summary>Declares the networks' parameters.</summary>
    public TwoTowers(ParameterSet<T> parameters, PairedRows<T> rows, int outputs, LearnedOptions options)
        : this(
            parameters,
            [rows.XScale, rows.YScale],
            [[rows.XScale.Features, .. options.HiddenX, outputs], [rows.YScale.Features, .. options.HiddenY, outputs]],
            options.Activation,
            options.Dropout,
            new() { Device = options.Device, Threads = options.Threads })
    {
    }

    private TwoTowers(ParameterSet<T> parameters, Standardization<T>[] scales, int[][] widths, Activation activation, double dropout, ExecutionOptions execution)
    {
        (_scales, _activation, _execution) = (scales, activation, execution);
        _towers = [.. PairedViews.Names.Select((name, tower) => new DenseLayers<T>(parameters.In(name), widths[tower], activation, dropout))];
    }

    /// <summary>Features of the common space.</summary>
    public int Outputs => _towers[0].Layers[^1].Weight.Lengths[0];

    /// <summary>Where fitted networks compute.</summary>
    public ExecutionOptions Execution => _execution;

    /// <summary>The first view's rows in the common space.</summary>
    public Var<T> X(Var<T> rows) => _towers[0].Forward(rows);

    /// <summary>The second view's rows in the common space.</summary>
    public Var<T> Y(Var<T> rows) => _towers[1].Forward(rows);

    /// <summary>Rows of one view, given as they were measured, in the common space.</summary>
    public Tensor<T> Map(Tensor<T> view, int tower, string operation) => MapStandardized(PairedRows<T>.New(view, _scales[tower], PairedViews.Names[tower], operation), tower, operation);

    /// <summary>Standardized rows of one view in the common space.</summary>
    public Tensor<T> MapStandardized(Tensor<T> view, int tower, string operation) =>
        RowMaps.Run<T>(operation, _execution, (int)view.Lengths[0], Outputs, (tape, rows) => _towers[tower].Forward(tape.Rows(view, rows)));

    /// <summary>Writes the networks, with choices of the model beside them.</summary>
    public void Save(string path, string kind, int version, ParameterSet<T> parameters, TrainingResult training, Dictionary<string, string>? choices = null, Dictionary<string, SafetensorsEntry>? more = null)
    {
        choices ??= [];
        choices.Add("activation", $"{_activation}");
        LearnedModelFile.Write(path, kind, version, parameters, training, new Dictionary<string, Standardization<T>> { [PairedViews.X] = _scales[0], [PairedViews.Y] = _scales[1] }, choices, more);
    }

    /// <summary>The networks of a file.</summary>
    /// <exception cref="DataFormatException">The networks are absent, or do not fit each other.</exception>
    public static TwoTowers<T> Read(LearnedModelFile file, ParameterSet<T> parameters, ExecutionOptions? execution)
    {
        int[][] widths = [.. PairedViews.Names.Select(file.Widths)];
        if (widths[0][^1] != widths[1][^1]) throw file.Notes.Error("the networks", "as many outputs of both", $"{widths[0][^1]} and {widths[1][^1]}");
        return new(parameters, [.. PairedViews.Names.Select((name, tower) => file.Scale<T>(name, widths[tower][0]))], widths, file.Notes.ChoiceNote<Activation>("activation"), 0, execution ?? new());
    }
}
