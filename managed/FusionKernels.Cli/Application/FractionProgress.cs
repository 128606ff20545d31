namespace FusionKernels.Cli;

/// <summary>Hands the library's fraction on to a progress bar.</summary>
internal sealed class FractionProgress(IProgress<Step> steps) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => steps.Report(new(value));
}
