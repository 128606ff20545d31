using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Translation between two views by generative-adversarial pairs: a generator each way, and a discriminator each way that learns to tell what is made from what is measured (Goodfellow et al. 2014; Isola et al. 2017; Zhu et al. 2017).</summary>
/// <remarks>
/// <para>Features are standardized by the rows of the fit. Generator and discriminator are steps of one loss: the discriminator's
/// gradient goes into the generator with the opposite sign. Beside it teach the error against the partner and, on request, the
/// error of going there and back. Losses that are told, and by which an epoch is chosen, leave the discriminators out.</para>
/// <para>NaN is rejected with its position; rows that lack a view do not train, whatever stands there. The same seed gives the same
/// bits from run to run on one device and for any number of threads. Cost of an epoch: about 6 rows parameters operations, twice
/// that of the generators with a cycle and of the discriminators.</para>
/// </remarks>
public static class AdversarialTranslation
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "adversarial-translation";

    /// <summary>The version of such files.</summary>
    internal const int Version = 1;

    private const string FitName = "AdversarialTranslation.Fit";

    /// <summary>Fits the generators. <see cref="LearnedOptions.HiddenX"/> are the widths on the way from the first view to the second, <see cref="LearnedOptions.HiddenY"/> those on the way back.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first, unless the weight of pairs is 0.</param>
    /// <param name="options">Networks, losses and training; null for linear maps.</param>
    /// <exception cref="ArgumentException">Rows differ in number, an element is not finite, or nothing teaches; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static TranslationModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, TranslationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        options.CheckModel();
        PairedRows<T> rows = PairedRows<T>.Of(x, y, options.Presence, FitName);
        int featuresX = rows.XScale.Features, featuresY = rows.YScale.Features;
        ParameterSet<T> parameters = new(options.Seed);
        DenseLayers<T>[] generators =
        [
            new(parameters.In("x_to_y"), [featuresX, .. options.HiddenX, featuresY], options.Activation, options.Dropout),
            new(parameters.In("y_to_x"), [featuresY, .. options.HiddenY, featuresX], options.Activation, options.Dropout),
        ];
        DenseLayers<T> judgeX = new(parameters.In("real_x"), [featuresX, .. options.DiscriminatorHidden, 1], Activation.LeakyRelu);
        DenseLayers<T> judgeY = new(parameters.In("real_y"), [featuresY, .. options.DiscriminatorHidden, 1], Activation.LeakyRelu);
        TrainingResult training = Trainer.Fit(
            parameters,
            options.Optimizer,
            rows.Rows,
            (tape, batch) =>
            {
                Var<T> rowsX = tape.Rows(rows.X, batch), rowsY = tape.Rows(rows.Y, batch), madeY = generators[0].Forward(rowsX), madeX = generators[1].Forward(rowsY);
                Var<T> loss = options.PairWeight * (Loss.MeanSquaredError(madeX, rowsX) + Loss.MeanSquaredError(madeY, rowsY));
                if (options.CycleWeight > 0) loss += options.CycleWeight * (Loss.MeanSquaredError(generators[1].Forward(madeY), rowsX) + Loss.MeanSquaredError(generators[0].Forward(madeX), rowsY));
                if (!tape.IsTraining) return loss;
                Var<T> judged = AdversarialAlignment.Adversary(judgeX, madeX.ReverseGradient(options.Reversal), rowsX) + AdversarialAlignment.Adversary(judgeY, madeY.ReverseGradient(options.Reversal), rowsY);
                return loss + AdversarialAlignment.GradientOf(judged);
            },
            options);
        return new(generators, [rows.XScale, rows.YScale], options.Activation, parameters, training, new() { Device = options.Device, Threads = options.Threads });
    }

    /// <summary>Reads a model that <see cref="TranslationModel{T}.Save"/> wrote; it translates bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static TranslationModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        int[] there = file.Widths("x_to_y"), back = file.Widths("y_to_x");
        if (there[0] != back[^1] || there[^1] != back[0]) throw file.Notes.Error("the generators", $"{there[^1]} features and back to {there[0]}", $"{back[0]} and {back[^1]}");
        Activation activation = file.Notes.ChoiceNote<Activation>("activation");
        ParameterSet<T> parameters = file.Parameters<T>();
        DenseLayers<T>[] generators = [new(parameters.In("x_to_y"), there, activation), new(parameters.In("y_to_x"), back, activation)];
        foreach (string judge in (string[])["real_x", "real_y"]) _ = new DenseLayers<T>(parameters.In(judge), file.Widths(judge), Activation.LeakyRelu);
        Standardization<T>[] scales = [file.Scale<T>("x", there[0]), file.Scale<T>("y", back[0])];
        return new(generators, scales, activation, parameters, file.Training(), execution ?? new());
    }
}
