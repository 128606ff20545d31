using System.Numerics;

namespace FusionKernels.Cli;

/// <summary><c>graph</c>.</summary>
internal sealed class GraphMethod : IAlignMethod
{
    /// <summary>The share of the training rows that chooses the epoch.</summary>
    private const double ChoosingShare = 0.15;

    /// <inheritdoc/>
    public string Name => "graph";

    /// <inheritdoc/>
    public string Description => "a network over a graph of both views that predicts which rows are linked";

    /// <inheritdoc/>
    public string Choosing => "a part of the training rows";

    /// <summary>Fits graph and network to the rows that train alone: a row that is a node of the graph would find its own partner through its own link.</summary>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignSettings settings = task.Settings;
        GraphAlignmentOptions options = new();
        if (settings.Hidden.Distinct().Count() > 1 || settings.Hidden.Any(width => width % options.Heads != 0)) throw new UsageException($"--hidden: the layers of a graph network are of one width, a multiple of {options.Heads}");
        int[] rows = [.. Enumerable.Range(0, (int)task.A.Lengths[0]).Except(settings.Held)];
        options = settings.ApplyTo(options) with
        {
            Encoder = AlignMethods.Mode<GraphEncoder>(settings.Mode),
            Components = settings.Components ?? options.Components,
            Width = settings.Hidden.Count > 0 ? settings.Hidden[0] : options.Width,
            Layers = Math.Max(1, settings.Hidden.Count),
            Dropout = settings.Dropout,
            Optimizer = settings.At(options.Optimizer),
            ValidationRows = null,
            ValidationShare = settings.Held.Count > 0 ? ChoosingShare : 0,
        };
        return new CommonSpacePair<T>(GraphAlignment.Fit(GramPart.Rows(task.A, rows), GramPart.Rows(task.B, rows), options));
    }
}
