using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Alignment by attention: the tokens of every view look at those of every other one, whatever their lengths and clocks, and the attention tells what of the one goes with what of the other (Tsai et al. 2019).</summary>
/// <remarks>
/// <para>A series is cut into patches, a vector or an image becomes several tokens. Two things are trained at once: the views' own codes are
/// to point the same way (InfoNCE; <see cref="CommonSpaceModel{T}.Transform"/> gives them), and the code that all
/// views make by looking at each other is to name the classes or, without labels, to tell pairs from what was put together by chance
/// (Li et al. 2021). Latent queries may look in the views' place (Jaegle et al. 2021).</para>
/// <para>What is not there, the rest of a shorter series or an absent view, is no key: whatever stands there, NaN included, changes no
/// bit. NaN in present values is rejected with its position. The same seed gives the same bits from run to run on one device and for
/// any number of threads. Cost of a step: about 6 rows parameters operations for each token, and 4 rows width tokens² for each two views.</para>
/// </remarks>
public static class CrossModalAlignment
{
    /// <summary>Fits the network to two sets of series.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">By row of the first view: time, or time x channels.</param>
    /// <param name="y">By row of the second view: time, or time x channels, of any length and clock; row i belongs to row i of the first.</param>
    /// <param name="options">Network and training; null for the defaults.</param>
    /// <exception cref="ArgumentException">Rows or labels differ in number, fewer than two rows have both views, or a present value is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static CrossModalModel<T> Fit<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, CrossModalOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit<T>(Labelled(PairedViews.Of(x, y, options?.Presence), options), options);

    /// <summary>Fits the network to two matrices.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <param name="options">Network and training; null for the defaults.</param>
    /// <inheritdoc cref="Fit{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}}, CrossModalOptions?)"/>
    public static CrossModalModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, CrossModalOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit<T>(Labelled(PairedViews.Of(x, y, options?.Presence), options), options);

    /// <summary>Fits the network to two views or more, of vectors, images and series.</summary>
    /// <param name="views">The views; their labels are used where there are any.</param>
    /// <param name="options">Network and training; null for the defaults. Its labels and presence are those of two matrices, and not read here.</param>
    /// <inheritdoc cref="Fit{T}(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}}, CrossModalOptions?)"/>
    public static CrossModalModel<T> Fit<T>(Views views, CrossModalOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        HostExecution.RequireElement<T>("CrossModalAlignment.Fit");
        options ??= new();
        options.CheckNetwork();
        if (views.Count < 2) throw new ArgumentException($"there is one view, '{views.Names[0]}': two at least are needed", nameof(views));
        if (views.Labels is { } labels) _ = new ClassPairs([.. labels]);
        ParameterSet<T> parameters = new(options.Seed);
        return new([.. views.Names], views.Labels is { } named ? FusionModel.PriorOf(named).Classes : [], TrainedNetwork<T>.Align(views, options.Shape, options, parameters), parameters);
    }

    /// <summary>Reads a model that <see cref="CommonSpaceModel{T}.Save"/> wrote; it transforms, names and attends bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static CrossModalModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CrossModalFile.Read<T>(path, execution ?? new());

    private static Views Labelled(Views views, CrossModalOptions? options) => options?.Labels is { } labels ? views.WithLabels([.. labels]) : views;
}
