using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Alignment by a graph of several modalities: what is alike within a modality is joined, what belongs together across modalities is linked, and a network over the graph is trained to predict the links.</summary>
/// <remarks>
/// <para>A node is a view of a row. It hears its nearest nodes of its own modality and, through known links, its partners; the links of
/// a batch are taken out of the graph while they are predicted (InfoNCE over the batch, for each two views). A new node hears those of
/// the fit that it is nearest to, so its place does not depend on the rows beside it.</para>
/// <para>Features are standardized by the rows that have the view. An absent view is a node without edges whose value is never read; NaN
/// in present ones is rejected with its position. Isolated nodes are legal. The same seed gives the same bits from run to run on one
/// device and for any number of threads. Cost of a step: about 6 nodes width² layers operations and those of the edges, and a Gram
/// matrix of every view at the start. (Kipf and Welling 2016 for links; Oord, Li and Vinyals 2018 for the loss.)</para>
/// </remarks>
public static class GraphAlignment
{
    /// <summary>Fits graph and network to two views.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i is linked to row i of the first where both are present.</param>
    /// <param name="options">Graph, network and training; null for the defaults.</param>
    /// <exception cref="ArgumentException">Rows differ, fewer than two are linked, or an element of a present row is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GraphAlignmentModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, GraphAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(x, y, null, null, options);

    /// <summary>Fits a network to two views whose edges are given.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i is linked to row i of the first where both are present.</param>
    /// <param name="graphX">rows x rows, weights of 0 or more; null to join nearest. Of a ready Gram matrix, <see cref="Graph.FromGram{T}"/> makes one.</param>
    /// <param name="graphY">The same of the second view.</param>
    /// <param name="options">Network and training; null for the defaults.</param>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, GraphAlignmentOptions?)"/>
    public static GraphAlignmentModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, SparseMatrix<T>? graphX, SparseMatrix<T>? graphY, GraphAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(PairedViews.Of(x, y, options?.Presence), [graphX, graphY], options);

    /// <summary>Fits graph and network to views of vectors and images.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="views">Two views or more; those of a row that are present are linked to each other. Labels are not read.</param>
    /// <param name="graphs">By view: rows x rows, weights of 0 or more; null, or null for a view, to join nearest.</param>
    /// <param name="options">Graph, network and training; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is one view only, fewer than two rows are linked, a view is of another kind, a graph of other nodes, or an element of a present row is not finite; the place is named.</exception>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, GraphAlignmentOptions?)"/>
    public static GraphAlignmentModel<T> Fit<T>(Views views, IReadOnlyList<SparseMatrix<T>?>? graphs = null, GraphAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        options.CheckNetwork();
        if (views.Count < 2) throw new ArgumentException($"there is one view, '{views.Names[0]}': links join two at least", nameof(views));
        if (graphs is not null && graphs.Count != views.Count) throw new ArgumentException($"there are {graphs.Count} graphs for {views.Count} views: one for each, or null", nameof(graphs));
        if (options.Kernels is { } kernels && kernels.Count != views.Count) throw new ArgumentException($"there are {kernels.Count} kernels for {views.Count} views: one for each, or null", nameof(options));
        foreach (string name in views.Names)
        {
            if (views[name].Kind is ViewKind.Sequences or ViewKind.Gram) throw new ArgumentException($"view '{name}' is of {views[name].Kind}: nodes are vectors or images; give a graph of Grams or series beside them", nameof(views));
        }

        ViewInputEncoder inputs = ViewInputEncoder.Fit(views, patch: null);
        ViewInputs<T> encoded = inputs.Encode<T>(views, [.. Enumerable.Range(0, views.Count)], views.Names);
        int[] linked = [.. Enumerable.Range(0, views.Rows).Where(row => encoded.Present.AsSpan(row * views.Count, views.Count).Count(true) > 1)];
        if (linked.Length < 2) throw new ArgumentException($"{linked.Length} of {views.Rows} rows have two views: two links at least are needed", nameof(views));
        ModalityGraph<T> graph = ModalityGraph<T>.Of(inputs, encoded, views.Names, graphs, options);
        ParameterSet<T> parameters = new(options.Seed);
        GraphNetwork<T> network = new(parameters, inputs, views.Names, options);
        Parameter<T> logScale = Loss.LogScale(parameters);
        bool[] isLinked = new bool[views.Rows];
        Array.Fill(isLinked, true);
        TrainingResult training = Trainer.Fit(
            parameters,
            options.Optimizer,
            linked.Length,
            (tape, batch) =>
            {
                int[] rows = new int[batch.Length];
                for (int i = 0; i < rows.Length; i++) isLinked[rows[i] = linked[batch[i]]] = false;
                Var<T>[] nodes = network.Forward(tape, graph, isLinked);
                foreach (int row in rows) isLinked[row] = true;
                return Links(nodes, graph, rows, tape.Of(logScale));
            },
            options);
        return new(network, inputs, graph, views.Names, parameters, training, options);
    }

    /// <summary>Reads a model that <see cref="CommonSpaceModel{T}.Save"/> wrote, with the nodes of its fit; it transforms bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static GraphAlignmentModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => GraphAlignmentFile.Read<T>(path, execution ?? new());

    /// <summary>The loss of finding partners, the mean over each two views that two rows of the batch have.</summary>
    private static Var<T> Links<T>(Var<T>[] nodes, ModalityGraph<T> graph, int[] rows, Var<T> logScale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<Var<T>> losses = [];
        for (int a = 0; a < nodes.Length; a++)
        {
            for (int b = a + 1; b < nodes.Length; b++)
            {
                int[] both = [.. rows.Where(row => graph.IsPresent(row, a) && graph.IsPresent(row, b))];
                if (both.Length > 1) losses.Add(Loss.InfoNce(nodes[a].Gather(both), nodes[b].Gather(both), logScale));
            }
        }

        // A batch of one row, or whose rows share no two views, has nothing to tell partners from.
        return losses.Count == 0 ? nodes[0].Sum() * 0 : losses.Aggregate((sum, loss) => sum + loss) / losses.Count;
    }
}
