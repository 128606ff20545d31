using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Codes of views that are to point the same way, and a head that tells whether views belong together.</content>
internal sealed partial class TrainedNetwork<T>
{
    /// <summary>Trains a network of which the codes of views are aligned, and the combined code names classes, or, without labels, tells pairs from what was put together by chance.</summary>
    public static TrainedNetwork<T> Align(Views views, TrainedFusionOptions shape, CrossModalOptions options, ParameterSet<T> parameters)
    {
        ViewInputEncoder inputs = ViewInputEncoder.Fit(views, shape.Patch);
        ViewInputs<T> encoded = inputs.Encode<T>(views, [.. Enumerable.Range(0, views.Count)], views.Names);
        int[] rows = encoded.RowsWithViews();
        if (rows.Count(row => encoded.Present.AsSpan(row * views.Count, views.Count).Count(true) > 1) < 2) throw new ArgumentException("fewer than two rows have two views: at least two are needed");
        int[]? classes = views.Labels is { } labels ? FusionModel.PriorOf(labels).Classes : null;
        int[] asked = classes is null ? [] : [.. views.Labels!.Select(label => Array.BinarySearch(classes, label))];
        TrainedNetwork<T> network = new(parameters, inputs, views.Count, classes?.Length ?? 1, [], [], classes is null ? shape with { ViewDropout = 0 } : shape); // what does not belong together shows in both views only
        Parameter<T> logScale = Loss.LogScale(parameters);
        network.Train(parameters, options.Optimizer, encoded, rows, options, (tape, batch) =>
        {
            ModalityTokens<T> tokens = network.Encode(tape, encoded, batch, explains: false).Views;
            int[] ofBatch = classes is null ? [] : Array.ConvertAll(batch, row => asked[row]);
            Var<T> answer = classes is null ? network.Matching(tokens) : Loss.CrossEntropy(network._head.Forward(network._rule.Combine(tokens).Code), ofBatch);
            return options.Contrast == 0 ? answer : answer + (options.Contrast * Alignment(tokens, ofBatch, tape.Of(logScale)));
        });
        return network;
    }

    /// <summary>The network of <see cref="Align"/> with the parameters of a file.</summary>
    public static TrainedNetwork<T> Aligned(ParameterSet<T> parameters, ViewInputEncoder inputs, int views, int outputs, TrainedFusionOptions shape, TrainingResult training)
    {
        TrainedNetwork<T> network = new(parameters, inputs, views, outputs, [], [], shape) { Training = training };
        _ = Loss.LogScale(parameters);
        return network;
    }

    /// <summary>How the network is made.</summary>
    public TrainedFusionOptions Made => _options;

    /// <summary>How rows are read.</summary>
    public ViewInputEncoder Inputs => _inputs;

    /// <summary>The codes of one view, 0 where it is absent: rows x width.</summary>
    public Tensor<T> CodesOf(string operation, Views rows, int[] map, IReadOnlyList<string> names, int view)
    {
        ViewInputs<T> inputs = _inputs.Encode<T>(rows, map, names);
        T[] codes = new T[rows.Rows * _options.Width];
        lock (_one)
        {
            using Tape<T> tape = OpenTape(operation, null);
            foreach (int[] part in Enumerable.Range(0, rows.Rows).Chunk(RowsAtOnce))
            {
                tape.Clear();
                Encode(tape, inputs, part, explains: false).Views.Code(view).Read().FlattenTo(codes.AsSpan(part[0] * _options.Width, part.Length * _options.Width));
            }
        }

        return Tensor.Create(codes, [rows.Rows, _options.Width]);
    }

    /// <summary>InfoNCE of the codes of each two views, over the rows that have both.</summary>
    private static Var<T> Alignment(ModalityTokens<T> views, int[] labels, Var<T> logScale)
    {
        List<Var<T>> losses = [];
        for (int a = 0; a < views.Count; a++)
        {
            for (int b = a + 1; b < views.Count; b++)
            {
                int[] both = [.. Enumerable.Range(0, views.Rows).Where(row => views.IsPresent(row, a) && views.IsPresent(row, b))];
                if (both.Length < 2) continue;
                losses.Add(Loss.InfoNce(views.Code(a).Gather(both), views.Code(b).Gather(both), logScale, labels.Length == 0 ? [] : Array.ConvertAll(both, row => labels[row])));
            }
        }

        return losses.Count == 0 ? logScale.Sum() * 0 : losses.Aggregate((sum, loss) => sum + loss) / losses.Count;
    }

    /// <summary>Binary cross-entropy of whether views belong together, over rows and over rows one of whose views is the next row's (Li et al. 2021).</summary>
    private Var<T> Matching(ModalityTokens<T> views)
    {
        ModalityTokens<T> others = views.Shifted(0);
        Var<T>[] logits = [.. new[] { views, others }.Select(batch => _head.Forward(_rule.Combine(batch).Code))];
        T[] targets = new T[2 * views.Rows];
        Array.Fill(targets, T.One, 0, views.Rows);
        return Loss.BinaryCrossEntropy(Var<T>.Stack(logits), views.Tape.Constant(Tensor.Create(targets, [targets.Length, 1])));
    }
}
