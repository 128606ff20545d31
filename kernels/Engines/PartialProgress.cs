namespace FusionKernels.Kernels.Engines;

/// <summary>Reports a part's progress as that of the whole it belongs to.</summary>
/// <param name="whole">Who wants to know.</param>
/// <param name="start">Where in the whole the part begins, 0 to 1.</param>
/// <param name="share">The part's share of the whole, 0 to 1.</param>
internal sealed class PartialProgress(IProgress<double> whole, double start, double share) : IProgress<double>
{
    /// <summary>The progress of a part of so much, from so far on, of a total; null for a whole that is null.</summary>
    public static IProgress<double>? Of(IProgress<double>? whole, double start, double total, double part = 1) =>
        whole is null || part >= total ? whole : new PartialProgress(whole, start / total, part / total);

    /// <inheritdoc/>
    public void Report(double value) => whole.Report(start + (share * value));
}
