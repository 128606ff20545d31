namespace FusionKernels.Kernels.Engines;

/// <summary>
/// Tells a caller of the library about progress, on the thread that computes. The caller's code may itself call the library,
/// so it runs with working memory of its own.
/// </summary>
/// <param name="caller">Who wants to know.</param>
internal sealed class CallerProgress(IProgress<double> caller) : IProgress<double>
{
    /// <summary>For a caller who may be null, who then stays null.</summary>
    public static IProgress<double>? Of(IProgress<double>? caller) => caller is null ? null : new CallerProgress(caller);

    /// <inheritdoc/>
    public void Report(double value) => Scratch.Aside(static report => report.Caller.Report(report.Value), (Caller: caller, Value: value));
}
