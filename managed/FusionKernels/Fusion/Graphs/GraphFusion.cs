namespace FusionKernels;

/// <summary>Fuses views by one graph of their rows, over which labels or targets are spread; new rows take the scores of their nearest by the fused kernel.</summary>
/// <remarks>
/// <para>The kernels of the views are those of <see cref="KernelFusion"/>: of vectors and images, of series, or ready Gram matrices. A new row
/// has the mean of its neighbours' scores by their similarity (Delalleau, Bengio and Le Roux 2005), and the prior, or the mean of the
/// targets, where none is similar or no view is present.</para>
/// <para>Targets spread as labels do: F = (1 - alpha) (I - alpha S)^-1 Y (Zhou et al. 2004), each row over what a column of ones spreads to, so
/// that its value is a mean of targets, and that of numbered classes the mean of their numbers by probability. Views weigh by how
/// smooth targets in units of their deviations are on their own graphs.</para>
/// <para>A row that a view lacks is in none of that view's pairs; what is stored in absent cells is never read. Cost: a Gram matrix of every
/// view, and the spreading of labels, on the host. Memory: the Gram matrices. NaN and infinities in present cells are rejected. Deterministic.</para>
/// </remarks>
public static class GraphFusion
{
    /// <summary>Fits graph and scores.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="options">Method, neighbours; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets, or labels of one class only; a view is present nowhere; a Gram view is not square; a present value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static GraphFusionModel Fit(Views views, GraphFusionOptions? options = null) => Fit(views, options, null);

    /// <summary>The same, of kernels that others have fitted to these views.</summary>
    internal static GraphFusionModel Fit(Views views, GraphFusionOptions? options, FusedKernelCache? cache)
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        options.Cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Neighbours, 1, nameof(options));
        if (!(options.Alpha is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Alpha, $"{nameof(options.Alpha)} must be above 0 and below 1");
        if (views.Labels is null)
        {
            _ = views.RequireTargets();
        }
        else if (views.Labels.Distinct().Count() < 2)
        {
            throw new ArgumentException($"the {views.Rows} labels are of one class: two classes at least are needed", nameof(views));
        }

        return FusionExecution.Run(
            options,
            "GraphFusion.Fit",
            views.IsFloat64,
            hasKernel: true,
            told => views.IsFloat64 ? GraphFusionModel.Fit<double>(views, told!, cache) : GraphFusionModel.Fit<float>(views, told!, cache),
            _ => $"{NameOf(options.Method)}: kernels of {views.Count} views of {views.Rows} rows, one graph of {options.Neighbours} neighbours");
    }

    /// <summary>The method's name among strategies.</summary>
    internal static string NameOf(GraphFusionMethod method) => method == GraphFusionMethod.NetworkFusion ? "snf" : "label-propagation";
}
