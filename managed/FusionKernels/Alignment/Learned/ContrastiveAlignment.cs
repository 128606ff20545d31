using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Contrastive alignment: a network for each of two views, trained so that what belongs together points the same way (Radford et al. 2021; Zhai et al. 2023).</summary>
/// <remarks>
/// <para>Features are standardized by the rows of the fit; outputs are directions, compared by their cosine times a learned factor
/// kept within 1 and 100. The other rows of a batch are what does not belong.</para>
/// <para>NaN is rejected with its position; rows that lack a view do not train, whatever stands there. The same seed gives the same
/// bits from run to run on one device and for any number of threads. Cost of an epoch: about 6 rows parameters + 6 rows batch components operations.</para>
/// </remarks>
public static class ContrastiveAlignment
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "contrastive-alignment";

    /// <summary>The version of such files.</summary>
    internal const int Version = 1;

    private const string FitName = "ContrastiveAlignment.Fit";

    /// <summary>Fits the networks.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <param name="options">Networks, loss and training; null for linear maps to 64 features.</param>
    /// <exception cref="ArgumentException">Rows or labels differ in number, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ContrastiveModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, ContrastiveOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        options.CheckNetworks();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Components, 1, nameof(options));
        if (!Enum.IsDefined(options.Loss)) throw new ArgumentOutOfRangeException(nameof(options), options.Loss, "a known loss is needed");
        double start = options.Scale ?? (options.Loss == ContrastiveLoss.InfoNce ? Loss.FirstScale : 10);
        if (start is not (>= 1 and <= 100)) throw new ArgumentOutOfRangeException(nameof(options), start, "the scale must be 1 to 100");
        PairedRows<T> rows = PairedRows<T>.Of(x, y, options.Presence, FitName);
        int[]? labels = options.Labels is null ? null : rows.Select(options.Labels, FitName);
        ParameterSet<T> parameters = new(options.Seed);
        TwoTowers<T> towers = new(parameters, rows, options.Components, options);
        Parameter<T> logScale = Loss.LogScale(parameters, start);
        Parameter<T>? bias = options.Loss == ContrastiveLoss.SigLip ? parameters.Add("bias", Initializer.Constant(-10), 1) : null;
        TrainingResult training = Trainer.Fit(
            parameters,
            options.Optimizer,
            rows.Rows,
            (tape, batch) =>
            {
                Var<T> u = towers.X(tape.Rows(rows.X, batch)), v = towers.Y(tape.Rows(rows.Y, batch)), scale = tape.Of(logScale);
                ReadOnlySpan<int> groups = labels is null ? [] : Chosen(labels, batch);
                return bias is null ? Loss.InfoNce(u, v, scale, groups) : Loss.SigLip(u, v, scale, tape.Of(bias), groups);
            },
            options);
        return new(towers, parameters, logScale, training);
    }

    /// <summary>Reads a model that <see cref="ContrastiveModel{T}.Save"/> wrote; it transforms bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static ContrastiveModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        ParameterSet<T> parameters = file.Parameters<T>();
        TwoTowers<T> towers = TwoTowers<T>.Read(file, parameters, execution);
        Parameter<T> logScale = Loss.LogScale(parameters);
        if (file.Notes.ShapeOf("bias") is not null) parameters.Add("bias", Initializer.Zeros, 1);
        return new(towers, parameters, logScale, file.Training());
    }

    private static int[] Chosen(int[] labels, ReadOnlySpan<int> rows)
    {
        int[] chosen = new int[rows.Length];
        for (int i = 0; i < chosen.Length; i++) chosen[i] = labels[rows[i]];
        return chosen;
    }
}
