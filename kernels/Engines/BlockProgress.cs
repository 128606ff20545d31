namespace FusionKernels.Kernels.Engines;

/// <summary>Counts finished blocks of a parallel job and tells the caller the fraction done.</summary>
/// <param name="settings">Who is told, and who may cancel.</param>
/// <param name="blocks">Blocks in all.</param>
internal sealed class BlockProgress(RunSettings settings, int blocks)
{
    private readonly Lock _oneReportAtATime = new();
    private int _done;

    /// <summary>Whether the caller wants no more blocks.</summary>
    public bool IsCancelled => settings.Cancellation.IsCancellationRequested;

    /// <summary>Counts one block; reports come one at a time and never fall back.</summary>
    public void Advance()
    {
        if (settings.Progress is not { } progress) return;
        lock (_oneReportAtATime) progress.Report(++_done / (double)blocks);
    }
}
