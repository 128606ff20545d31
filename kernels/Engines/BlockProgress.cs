namespace FusionKernels.Kernels.Engines;

/// <summary>Counts finished blocks of a parallel job and tells the caller the fraction done.</summary>
/// <param name="settings">Who is told, and who may cancel.</param>
/// <param name="blocks">Blocks in all.</param>
internal sealed class BlockProgress(RunSettings settings, int blocks)
{
    private int _done;

    /// <summary>Whether the caller wants no more blocks.</summary>
    public bool IsCancelled => settings.Cancellation.IsCancellationRequested;

    /// <summary>Counts one block.</summary>
    public void Advance()
    {
        int done = Interlocked.Increment(ref _done);
        settings.Progress?.Report(done / (double)blocks);
    }
}
