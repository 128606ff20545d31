using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Deep canonical correlation: a network for each of two views, trained so that their outputs correlate (Andrew et al. 2013), with a reconstruction term on request (Wang et al. 2015).</summary>
/// <remarks>
/// <para>Features are standardized by the rows of the fit; behind the networks a linear canonical correlation of their outputs gives
/// variates of unit variance in descending order of correlation. Without hidden layers the networks are linear, and the correlations
/// come near those of <see cref="CanonicalCorrelation"/>.</para>
/// <para>NaN is rejected with its position; rows that lack a view do not train, whatever stands there. The same seed gives the same
/// bits from run to run on one device and for any number of threads. Cost of an epoch: about 6 rows parameters operations and a
/// solve of components³ for each batch.</para>
/// </remarks>
public static class DeepCanonicalCorrelation
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "deep-canonical-correlation";

    /// <summary>The version of such files.</summary>
    internal const int Version = 1;

    private const string FitName = "DeepCanonicalCorrelation.Fit";

    /// <summary>Fits the networks.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <param name="options">Networks, objective and training; null for linear maps to 10 components.</param>
    /// <exception cref="ArgumentException">Rows differ, an element is not finite, or a batch is too small for the components; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite, or a covariance not positive definite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DeepCanonicalCorrelationModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, DeepCanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        options.CheckNetworks();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Components, 1, nameof(options));
        if (options.Keep is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Keep, "what is kept of earlier covariances must be 0 to below 1");
        NetworkOptions.CheckWeight(options.Reconstruction, "the weight of the reconstruction");
        PairedRows<T> rows = PairedRows<T>.Of(x, y, options.Presence, FitName);
        ParameterSet<T> parameters = new(options.Seed);
        TwoTowers<T> towers = new(parameters, rows, options.Components, options);
        DenseLayers<T>[] back = options.Reconstruction == 0 ? [] :
        [
            new(parameters.In("x_back"), [options.Components, .. options.HiddenX.Reverse(), rows.XScale.Features], options.Activation),
            new(parameters.In("y_back"), [options.Components, .. options.HiddenY.Reverse(), rows.YScale.Features], options.Activation),
        ];
        CorrelationLossOptions correlation = new()
        {
            Objective = options.Objective,
            Components = options.TopComponents,
            Ridge = options.Ridge,
            Running = options.Keep > 0 ? new(options.Keep) : null,
        };
        TrainingResult training = Trainer.Fit(
            parameters,
            options.Optimizer,
            rows.Rows,
            (tape, batch) =>
            {
                Var<T> rowsX = tape.Rows(rows.X, batch), rowsY = tape.Rows(rows.Y, batch), u = towers.X(rowsX), v = towers.Y(rowsY);
                Var<T> loss = Loss.CanonicalCorrelation(u, v, correlation);
                return back.Length == 0 ? loss : loss
                    + (options.Reconstruction * (Loss.MeanSquaredError(back[0].Forward(u), rowsX) + Loss.MeanSquaredError(back[1].Forward(v), rowsY)));
            },
            correlation.Running is { } running ? options with { Running = [running] } : options);
        CanonicalCorrelation linear = CanonicalCorrelation.Fit(
            towers.MapStandardized(rows.X, 0, FitName), towers.MapStandardized(rows.Y, 1, FitName), new() { Scale = false, Device = options.Device, Threads = options.Threads });
        return new(towers, [VariateMap<T>.Of(linear, 0), VariateMap<T>.Of(linear, 1)], [.. linear.Correlations], parameters, training);
    }

    /// <summary>Reads a model that <see cref="DeepCanonicalCorrelationModel{T}.Save"/> wrote; it transforms bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static DeepCanonicalCorrelationModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        ParameterSet<T> parameters = file.Parameters<T>();
        TwoTowers<T> towers = TwoTowers<T>.Read(file, parameters, execution);
        double[] correlations = file.Notes.NumbersNote("correlations");
        VariateMap<T>[] maps = [VariateMap<T>.Read(file, 0, towers.Outputs), VariateMap<T>.Read(file, 1, towers.Outputs)];
        foreach (string back in (string[])["x_back", "y_back"])
        {
            if (file.Notes.ShapeOf($"{back}.0.weight") is not null) _ = new DenseLayers<T>(parameters.In(back), file.Widths(back));
        }

        if (maps[0].Components != maps[1].Components) throw file.Notes.Error("the variates", "as many of both views", $"{maps[0].Components} and {maps[1].Components}");
        if (correlations.Length < maps[0].Components) throw file.Notes.Error("note 'correlations'", $"one for each of {maps[0].Components} components", $"{correlations.Length}");
        return new(towers, maps, correlations, parameters, file.Training());
    }
}
