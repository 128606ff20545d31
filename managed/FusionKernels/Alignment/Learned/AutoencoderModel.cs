using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted autoencoder of several views.</summary>
/// <remarks>Every method takes some of the views, or all; absent cells are not read. One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AutoencoderModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AutoencoderNetwork<T> _network;
    private readonly string[] _names;
    private readonly Standardization<T>[] _scales;
    private readonly AutoencoderKind _kind;
    private readonly ExecutionOptions _execution;

    internal AutoencoderModel(
        AutoencoderNetwork<T> network, string[] names, Standardization<T>[] scales, AutoencoderKind kind, ParameterSet<T> parameters, TrainingResult training, ExecutionOptions execution) =>
        (_network, _names, _scales, _kind, Parameters, Training, _execution) = (network, names, scales, kind, parameters, training, execution);

    /// <summary>The names of the views.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>How codes are made.</summary>
    public AutoencoderMode Mode => _kind.Mode;

    /// <summary>Features of the code.</summary>
    public int Components => _network.Components;

    /// <summary>The networks' parameters: <c>encoder.0.0.weight</c> and so on, by view and layer.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The codes of rows, by the views that each row has; means of variational codes.</summary>
    /// <param name="views">Some of the model's views.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="ArgumentException">A view is none of the model's or of other features, an element is not finite, or a row has no view that makes a code; it is named.</exception>
    public Tensor<T> Transform(Views views) => Codes(Given(views, null, "Transform"), isVariance: false);

    /// <summary>The codes of rows of one view.</summary>
    /// <param name="view">The view's name.</param>
    /// <param name="rows">rows x features.</param>
    /// <inheritdoc cref="Transform(Views)"/>
    public Tensor<T> Transform(string view, Tensor<T> rows) => Transform(Views.Of((view, View.Vectors(rows))));

    /// <summary>The variances of variational codes, 0 to 1: 1 over the sum of 1 and of the precisions of the views that a row has.</summary>
    /// <param name="views">Some of the model's views.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="InvalidOperationException">The codes have no variances.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Transform(Views)"/>.</exception>
    public Tensor<T> Variances(Views views) => _network.IsVariational
        ? Codes(Given(views, null, "Variances"), isVariance: true)
        : throw new InvalidOperationException($"codes of mode {Mode} have no variances; {nameof(AutoencoderMode.Variational)} ones do");

    /// <summary>One view as the others tell it, in its own units; the view itself is not read, except where it is the source of <see cref="AutoencoderMode.Split"/>.</summary>
    /// <param name="view">The view that is wanted.</param>
    /// <param name="from">Some of the model's views.</param>
    /// <returns>rows x features of the view.</returns>
    /// <exception cref="ArgumentException">There is no such view, or as for <see cref="Transform(Views)"/>.</exception>
    public Tensor<T> Reconstruct(string view, Views from)
    {
        int wanted = IndexOf(view);
        return Rebuilt(Given(from, wanted, "Reconstruct"), wanted);
    }

    /// <summary>One view as the rows of another tell it, in its own units.</summary>
    /// <param name="view">The view that is wanted.</param>
    /// <param name="from">The view that is given.</param>
    /// <param name="rows">rows x features of the view that is given.</param>
    /// <inheritdoc cref="Reconstruct(string, Views)"/>
    public Tensor<T> Reconstruct(string view, string from, Tensor<T> rows) => Reconstruct(view, Views.Of((from, View.Vectors(rows))));

    /// <summary>How well each view is rebuilt from the others, over rows that the fit may not have seen: the share of its variance that is explained, features taken together.</summary>
    /// <param name="views">Some of the model's views, two at least; a row counts for a view where it has that view and one to make a code from.</param>
    /// <returns>R² by view, in the order of <see cref="Names"/>, 1 at most: 1 - squared errors / squared deviations from the means of these rows; NaN for a view that is not given, or does not vary over its rows.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Transform(Views)"/>.</exception>
    public IReadOnlyList<double> Evaluate(Views views)
    {
        ViewRows<T> all = ViewRows<T>.New(views, _names, _scales, "AutoencoderModel.Evaluate");
        double[] scores = new double[_names.Length];
        for (int view = 0; view < scores.Length; view++)
        {
            int wanted = view;
            int[] rows = [.. Enumerable.Range(0, all.Rows).Where(row => all.IsPresent(row, wanted) && Enumerable.Range(0, _names.Length).Any(other => Counts(all, row, other, wanted)))];
            scores[view] = rows.Length == 0
                ? double.NaN
                : ExplainedVariance.Of(Measured(all.Values[view], view, rows), Rebuilt(new("AutoencoderModel.Evaluate", all, rows, wanted), view));
        }

        return scores;
    }

    /// <summary>Writes the whole model to a safetensors file, which appears when it is complete; <see cref="AutoencoderAlignment.Load"/> reads it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => LearnedModelFile.Write(
        path,
        AutoencoderAlignment.Kind,
        AutoencoderAlignment.Version,
        Parameters,
        Training,
        _scales.Select((scale, view) => ($"view.{view}", scale)).ToDictionary(),
        new Dictionary<string, string>
        {
            [LearnedModelFile.Views] = LearnedModelFile.NamesOf(_names),
            ["mode"] = $"{_kind.Mode}",
            ["source"] = _kind.Source.ToString(CultureInfo.InvariantCulture),
            ["activation"] = $"{_kind.Activation}",
        });

    /// <summary>Rows of views, which view is not to be read, and the public operation that asks.</summary>
    private readonly record struct Wanted(string Operation, ViewRows<T> Data, int[] Rows, int? Hidden);

    private Wanted Given(Views views, int? hidden, string method)
    {
        string operation = $"AutoencoderModel.{method}";
        ViewRows<T> data = ViewRows<T>.New(views, _names, _scales, operation);
        for (int row = 0; row < data.Rows; row++)
        {
            if (!Enumerable.Range(0, _names.Length).Any(view => Counts(data, row, view, hidden)))
            {
                throw new ArgumentException($"{operation}: row {row} has no view to make a code from{(Mode == AutoencoderMode.Split ? $"; '{_names[_kind.Source]}' is needed" : hidden is { } wanted ? $" beside '{_names[wanted]}'" : "")}", nameof(views));
            }
        }

        return new(operation, data, [.. Enumerable.Range(0, data.Rows)], hidden);
    }

    /// <summary>Whether a view makes the code of a row.</summary>
    private bool Counts(ViewRows<T> data, int row, int view, int? hidden) =>
        data.IsPresent(row, view) && (Mode == AutoencoderMode.Split ? view == _kind.Source : view != hidden);

    private Tensor<T> Codes(Wanted task, bool isVariance) => RowMaps.Run<T>(task.Operation, _execution, task.Rows.Length, Components, (tape, part) =>
    {
        (Var<T> mean, Var<T>? logVariance) = Join(tape, task, part);
        return isVariance ? logVariance!.Value.Exp() : mean;
    });

    private Tensor<T> Rebuilt(Wanted task, int view)
    {
        Tensor<T> standardized = RowMaps.Run<T>(task.Operation, _execution, task.Rows.Length, _scales[view].Features, (tape, part) => _network.Decode(Join(tape, task, part).Mean, view));
        return Measured(standardized, view, [.. Enumerable.Range(0, task.Rows.Length)]);
    }

    private (Var<T> Mean, Var<T>? LogVariance) Join(Tape<T> tape, Wanted task, ReadOnlySpan<int> part)
    {
        int[] rows = new int[part.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = task.Rows[part[i]];
        bool[][] counts = [.. _names.Select((_, view) => rows.Select(row => Counts(task.Data, row, view, task.Hidden)).ToArray())];
        return _network.Encode(tape, task.Data, rows).Join(counts);
    }

    /// <summary>Standardized rows in the units of the view.</summary>
    private Tensor<T> Measured(Tensor<T> standardized, int view, int[] rows)
    {
        int width = _scales[view].Features;
        T[] all = new T[standardized.FlattenedLength], measured = new T[rows.Length * width];
        standardized.FlattenTo(all);
        for (int i = 0; i < rows.Length; i++) all.AsSpan(rows[i] * width, width).CopyTo(measured.AsSpan(i * width));
        _scales[view].Undo(measured);
        return Tensor.Create(measured, [rows.Length, width]);
    }

    private int IndexOf(string view)
    {
        int at = Array.IndexOf(_names, view);
        return at >= 0 ? at : throw new ArgumentException($"the model has no view '{view}'; it has {string.Join(", ", _names)}", nameof(view));
    }
}
