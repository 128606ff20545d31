namespace FusionKernels.Kernels.Products;

/// <summary>Reports a part's progress as that of the whole it belongs to.</summary>
/// <param name="whole">Who wants to know.</param>
/// <param name="start">Where in the whole the part begins, 0 to 1.</param>
/// <param name="share">The part's share of the whole, 0 to 1.</param>
internal sealed class PartialProgress(IProgress<double> whole, double start, double share) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => whole.Report(start + (share * value));
}
