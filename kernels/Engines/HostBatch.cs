namespace FusionKernels.Kernels.Engines;

/// <summary>A call of many items, each of which one thread of the host computes.</summary>
internal interface IBatchCall
{
    /// <summary>How to run all of them.</summary>
    RunSettings Settings { get; }

    /// <summary>Computes one item.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="item">Which one.</param>
    /// <param name="settings">How to run it.</param>
    void RunItem(HostEngine engine, int item, in RunSettings settings);
}

/// <summary>The items of a batch side by side on the host, an item a thread.</summary>
internal static class HostBatch
{
    /// <summary>Runs all items and tells how many are done.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="call">What computes an item.</param>
    /// <param name="items">Items.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static void Run<TCall>(HostEngine engine, TCall call, int items)
        where TCall : struct, IBatchCall
    {
        RunSettings settings = call.Settings;
        Job<TCall> job = new() { Engine = engine, Call = call, Inner = settings with { Threads = 1, Progress = null, Trace = null }, Progress = new(settings, items) };
        engine.Run(ref job, items, settings.Threads);
        settings.Cancellation.ThrowIfCancellationRequested();
    }

    private struct Job<TCall> : IParallelJob
        where TCall : struct, IBatchCall
    {
        public HostEngine Engine;
        public TCall Call;
        public RunSettings Inner;
        public BlockProgress Progress;

        public void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            Call.RunItem(Engine, piece, Inner);
            Progress.Advance();
        }
    }
}
