using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Autoencoders of several views: one code that any of the views gives, and from which all of them are rebuilt, those that are absent too.</summary>
/// <remarks>
/// <para>Features are standardized by the rows that have them, pixels of images by one deviation for all. Errors are means over features, then over views; of the variational
/// form, -log p(views | code) for normal noise plus the divergence, means over rows.</para>
/// <para>What is stored where a view is absent, NaN included, changes no bit of any result; NaN elsewhere is rejected with its
/// position. The same seed gives the same bits from run to run on one device and for any number of threads. One epoch costs about
/// 6 rows parameters operations for the encoders, and as much for the decoders times the ways in which a code is made (1 for
/// <see cref="AutoencoderMode.Split"/>, else up to views + 2). Memory: the standardized views beside the networks.</para>
/// </remarks>
public static class AutoencoderAlignment
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "autoencoder-alignment";

    /// <summary>The version of such files.</summary>
    internal const int Version = 1;

    private const string FitName = "AutoencoderAlignment.Fit";

    /// <summary>Fits the networks to views; rows without any view do not train, views that a row lacks teach nothing in it.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="views">Two or more views of vectors or images.</param>
    /// <param name="options">Mode, networks and training; null for linear maps to a code of 32 features.</param>
    /// <exception cref="ArgumentException">There is one view, a view is of another kind or in fewer than two rows, an element is not finite, or the source is no view; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AutoencoderModel<T> Fit<T>(Views views, AutoencoderOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        options.CheckModel();
        ViewRows<T> data = ViewRows<T>.Fit(views, FitName);
        string[] names = [.. views.Names];
        int source = options.Source is null ? 0 : Array.IndexOf(names, options.Source);
        if (source < 0) throw new ArgumentException($"{FitName}: there is no view '{options.Source}' to be the source; there are {string.Join(", ", names)}", nameof(options));
        AutoencoderKind kind = new(options.Mode, source, options.Activation, options.HasShortcuts && options.Hidden.Count > 0);
        int outputs = options.Mode == AutoencoderMode.Variational ? checked(2 * options.Components) : options.Components;
        ParameterSet<T> parameters = new(options.Seed);
        AutoencoderNetwork<T> network = new(
            parameters,
            [.. data.Scales.Select(scale => (int[])[scale.Features, .. options.Hidden, outputs])],
            [.. data.Scales.Select(scale => (int[])[options.Components, .. options.Hidden.Reverse(), scale.Features])],
            options.Dropout,
            kind);
        AutoencoderLoss<T> loss = new(network, data, options, source);
        TrainingResult training = Trainer.Fit(parameters, options.Optimizer, data.Rows, loss.Of, options);
        return new(network, names, data.Scales, kind, parameters, training, new() { Device = options.Device, Threads = options.Threads });
    }

    /// <summary>Fits the networks to two views, named <c>x</c> and <c>y</c>.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <param name="options">Mode, networks and training; null for linear maps to a code of 32 features.</param>
    /// <inheritdoc cref="Fit{T}(Views, AutoencoderOptions?)"/>
    public static AutoencoderModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, AutoencoderOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit<T>(Views.Of(("x", View.Vectors(x)), ("y", View.Vectors(y))), options);

    /// <summary>Reads a model that <see cref="AutoencoderModel{T}.Save"/> wrote; it maps bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static AutoencoderModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        string[] names = file.Names();
        AutoencoderKind kind = new(file.Notes.ChoiceNote<AutoencoderMode>("mode"), file.Notes.IntegerNote("source"), file.Notes.ChoiceNote<Activation>("activation"), file.Notes.ShapeOf("encoder.0.shortcut.weight") is not null);
        if (kind.Source >= names.Length) throw file.Notes.Error("note 'source'", $"a view of 0 to {names.Length - 1}", $"{kind.Source}");
        int[][] encoders = [.. names.Select((_, view) => file.Widths($"encoder.{view}"))], decoders = [.. names.Select((_, view) => file.Widths($"decoder.{view}"))];
        int components = decoders[0][0], outputs = kind.Mode == AutoencoderMode.Variational ? 2 * components : components;
        for (int view = 0; view < names.Length; view++)
        {
            if (encoders[view][^1] == outputs && decoders[view][0] == components && decoders[view][^1] == encoders[view][0]) continue;
            throw file.Notes.Error($"the networks of view {view}", $"{encoders[view][0]} features, a code of {components} and back", $"{string.Join(" ", encoders[view])} and {string.Join(" ", decoders[view])}");
        }

        ParameterSet<T> parameters = file.Parameters<T>();
        AutoencoderNetwork<T> network = new(parameters, encoders, decoders, 0, kind);
        Standardization<T>[] scales = [.. encoders.Select((widths, view) => file.Scale<T>($"view.{view}", widths[0]))];
        return new(network, names, scales, kind, parameters, file.Training(), execution ?? new());
    }
}
