using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>Labels over one graph whose neighbours are chosen by all views, with learned weights.</content>
public static partial class LabelPropagation
{
    /// <summary>Labels held out at a time: one of each class, at most so many times.</summary>
    private const int MostHeldOut = 5;

    /// <summary>
    /// Spreads labels over the graph of nearest neighbours by a weighted mean of the views' Gram matrices. Views weigh by how smoothly labels spread over
    /// their own graphs (<see cref="GraphWeighting.Smoothness"/>); the number of neighbours is the one with which held-out labels are likeliest.
    /// </summary>
    /// <remarks>
    /// Nothing but the labels given is looked at: where classes have two of them or more, one of each is held out in turn, up to five times.
    /// A sum of the views' graphs joins what any view has near, and so keeps every view's wrong edges; neighbours by the mean are near in most.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="grams">The views' Gram matrices, rows x rows, on one scale; what stands in absent rows is not read.</param>
    /// <param name="labels">By row: its class, 0 or more; negative where it is to be found.</param>
    /// <param name="options">Neighbours, presence; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no matrix or no label, shapes do not fit, or an element that is there is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ViewPropagationResult FitViews<T>(IReadOnlyList<Tensor<T>> grams, ReadOnlySpan<int> labels, ViewPropagationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(grams);
        options ??= new();
        if (grams.Count == 0) throw new ArgumentException("there is no Gram matrix: one at least is needed", nameof(grams));
        if (options.Neighbours is not { Count: > 0 }) throw new ArgumentOutOfRangeException(nameof(options), $"{nameof(options.Neighbours)} names no number to choose");
        foreach (int count in options.Neighbours) ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(options));
        int[] known = labels.ToArray();
        using Execution execution = HostExecution.Begin<T>(options, "LabelPropagation.FitViews");
        double flops = 0;
        LabelPropagationOptions spreading = new()
        {
            Threads = options.Threads,
            Device = options.Device,
            Cancellation = options.Cancellation,
            Report = execution.IsReported ? told => flops += told.Flops : null,
            Alpha = options.Alpha,
            Weighting = GraphWeighting.Smoothness,
        };
        int[][] folds = HeldOut(known);
        double[] heldOut = new double[options.Neighbours.Count];
        (SparseMatrix<T> Graph, double[] Weights, int Neighbours, double Score)? best = null;
        for (int t = 0; t < heldOut.Length; t++)
        {
            int count = options.Neighbours[t];
            SparseMatrix<T>[] singles = [.. grams.Select((gram, view) => Graph.FromGram(gram, count, OfView(options, view, known.Length)))];
            double[] weights = [.. Fit(singles, known, spreading).Weights];
            SparseMatrix<T> graph = Graph.FromGrams(grams, count, new() { Presence = options.Presence, ViewWeights = weights, Threads = options.Threads, Cancellation = options.Cancellation });
            heldOut[t] = options.Neighbours.Count == 1 || folds.Length == 0 ? double.NaN : folds.Average(held => Likelihood(graph, known, held, spreading));
            if (best is null || heldOut[t] > best.Value.Score) best = (graph, weights, count, heldOut[t]);
            options.Progress?.Report((t + 1.0) / (heldOut.Length + 1));
        }

        LabelPropagationResult found = Fit(best!.Value.Graph, known, spreading);
        options.Progress?.Report(1);
        execution.CompleteWhole<T>(
            $"graphs of {best.Value.Neighbours} of {string.Join(", ", options.Neighbours)} neighbours, labels spread over each of {grams.Count} views and their mean, {folds.Length} times held out", flops, (long)known.Length * known.Length * Element.SizeOf<T>());
        return new(found, best.Value.Weights, best.Value.Neighbours, heldOut);
    }

    private static NeighbourGraphOptions OfView(ViewPropagationOptions options, int view, int rows) => new()
    {
        Presence = options.Presence is { } presence ? [.. Enumerable.Range(0, rows).Select(row => presence[row, view])] : null,
        Threads = options.Threads,
        Cancellation = options.Cancellation,
    };

    /// <summary>Rows held out together: one of every class that keeps another.</summary>
    private static int[][] HeldOut(int[] labels)
    {
        int[][] classes = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0).GroupBy(i => labels[i]).Select(group => group.ToArray()).Where(rows => rows.Length > 1)];
        int folds = classes.Length == 0 ? 0 : Math.Min(MostHeldOut, classes.Max(rows => rows.Length));
        return [.. Enumerable.Range(0, folds).Select(fold => classes.Where(rows => fold < rows.Length).Select(rows => rows[fold]).ToArray())];
    }

    /// <summary>The mean logarithm of the share of its class in a held-out row's scores.</summary>
    private static double Likelihood<T>(SparseMatrix<T> graph, int[] labels, int[] held, LabelPropagationOptions spreading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] rest = [.. labels];
        foreach (int row in held) rest[row] = -1;
        LabelPropagationResult found = Fit(graph, rest, spreading);
        int[] classes = [.. found.Classes];
        double sum = 0;
        foreach (int row in held)
        {
            double all = 0;
            for (int c = 0; c < classes.Length; c++) all += Math.Max(0, found.Scores[row, c]);
            double own = Math.Max(0, found.Scores[row, Array.BinarySearch(classes, labels[row])]);
            sum += Math.Log(Math.Max(1e-6, all > 0 ? own / all : 0)); // a label that no path leads to is as bad as one of a million
        }

        return sum / held.Length;
    }
}
