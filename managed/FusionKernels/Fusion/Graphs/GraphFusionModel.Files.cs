using System.Numerics;

namespace FusionKernels;

/// <content>Graphs in files: bandwidths, weights and scores; the graph itself is not needed any more.</content>
public sealed partial class GraphFusionModel
{
    /// <inheritdoc/>
    internal override bool IsKept => _neighbours == new GraphFusionOptions().Neighbours;

    /// <inheritdoc/>
    internal override void Write(ModelStateWriter file)
    {
        file.Add("bandwidths", _bandwidths);
        file.Add("weights", [.. Weights]);
        file.Add("scores", _scores, _trained, Columns);
    }

    /// <summary>The model of a file: nothing is fitted.</summary>
    internal static GraphFusionModel Read(ModelStateReader file, Views views, GraphFusionOptions options) =>
        views.IsFloat64 ? Read<double>(file, views, options) : Read<float>(file, views, options);

    private static GraphFusionModel Read<T>(ModelStateReader file, Views views, GraphFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelFusionOptions kernels = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation };
        double[] bandwidths = file.Positive("bandwidths", views.Count), weights = file.Weights("weights", views.Count);
        FusedKernel<T> kernel = KernelFusionFit.WithWeights(KernelFusionFit.Kernels<T>(views, kernels, bandwidths), views, weights, kernels);
        return new(
            views, options, (model, rows, how) => Against(kernel, model, rows, how), file.Numbers("scores", views.Rows, views.Labels is { } labels ? PriorOf(labels).Classes.Length : views.RequireTargets().Outputs), weights, bandwidths);
    }
}
