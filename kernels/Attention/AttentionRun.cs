using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Attention;

/// <summary>What the pieces of one call on the host share.</summary>
/// <param name="problem">The problem.</param>
/// <param name="settings">How to run.</param>
internal sealed class AttentionRun(AttentionProblem problem, RunSettings settings)
{
    private volatile bool _metNonFinite;
    private long _workingBytes;

    /// <summary>The problem.</summary>
    public AttentionProblem Problem { get; } = problem;

    /// <summary>How to run.</summary>
    public RunSettings Settings { get; } = settings;

    /// <summary>Whether some result is NaN or infinite.</summary>
    public bool MetNonFinite => _metNonFinite;

    /// <summary>Bytes of working memory that all threads together hold at the most, and of what pieces leave to each other.</summary>
    public long WorkingBytes => _workingBytes + SharedBytes;

    /// <summary>Bytes of what pieces leave to each other.</summary>
    public long SharedBytes { get; set; }

    /// <summary>Tells of a result that is NaN or infinite.</summary>
    public void TellNonFinite() => _metNonFinite = true;

    /// <summary>Runs the pieces of a job, a slice at a time where progress is asked for.</summary>
    /// <param name="engine">Who runs them.</param>
    /// <param name="job">The job.</param>
    /// <param name="pieces">How many there are.</param>
    /// <param name="flops">Operations of all of them.</param>
    /// <param name="bytes">Bytes of working memory that a thread takes for a piece, at the most.</param>
    public void Run<TJob>(HostEngine engine, ref TJob job, int pieces, double flops, long bytes)
        where TJob : struct, IAttentionJob
    {
        int slice = Settings.Progress is null ? Math.Max(1, pieces) : (int)Math.Clamp(SliceFlops / Math.Max(1, flops) * pieces, 1, Math.Max(1, pieces));
        int threads = ThreadsFor(flops);
        _workingBytes = Math.Max(_workingBytes, bytes * Math.Min(threads == 0 ? engine.Threads : threads, pieces));
        for (int first = 0; first < pieces; first += slice)
        {
            job.First = first;
            int count = Math.Min(slice, pieces - first);
            engine.Run(ref job, count, threads);
            Settings.Progress?.Report((double)(first + count) / pieces);
        }
    }

    /// <summary>The threads that so much work is worth.</summary>
    public int ThreadsFor(double flops) => flops < SerialBelow ? 1 : Settings.Threads;

    // A fraction of a second of a few cores between two reports; about 10 microseconds of one before a second one pays.
    private const double SliceFlops = 1L << 36;
    private const double SerialBelow = 1e6;
}

/// <summary>Pieces of attention that run in slices.</summary>
internal interface IAttentionJob : IParallelJob
{
    /// <summary>The piece that the slice begins with.</summary>
    int First { get; set; }
}
