using System.Runtime.ExceptionServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>Work for a <see cref="Lane"/>.</summary>
internal interface ILaneJob
{
    /// <summary>Does the work, on the lane's thread.</summary>
    void Run();
}

/// <summary>One thread that owns something single-threaded; jobs of any thread run on it one after another, in the order they came.</summary>
/// <remarks>In steady state a job allocates nothing: each calling thread keeps one envelope per type of job.</remarks>
internal sealed class Lane
{
    private readonly Queue<Envelope> _queue = new();
    private readonly Thread _thread;
    private readonly Action _betweenJobs;
    private Action? _last;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="betweenJobs">Runs on the lane before each job that came from another thread; must not throw.</param>
    public Lane(string name, Action betweenJobs)
    {
        _betweenJobs = betweenJobs;
        _thread = new Thread(Serve) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Whether the caller is on the lane's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs a job and returns when it is done; from the lane itself, at once. What the job throws is thrown here, with its own stack.</summary>
    /// <param name="job">The job; its fields are as the lane left them on return, unless it threw.</param>
    /// <returns>False when the lane was closed before the job could be queued.</returns>
    public bool TryRun<TJob>(ref TJob job)
        where TJob : struct, ILaneJob
    {
        if (IsCurrent)
        {
            job.Run();
            return true;
        }

        Envelope<TJob> envelope = Envelope<TJob>.Spare ??= new();
        envelope.Job = job;
        lock (_queue)
        {
            if (_last is not null)
            {
                envelope.Job = default;
                return false;
            }

            _queue.Enqueue(envelope);
            Monitor.Pulse(_queue);
        }

        envelope.Done.Wait();
        envelope.Done.Reset();
        job = envelope.Job;
        envelope.Job = default; // the envelope outlives the call; what the job refers to must not
        if (envelope.TakeFailure() is { } failure) failure.Throw();
        return true;
    }

    /// <summary>Finishes what is queued, runs <paramref name="last"/> on the lane and ends the thread; a second call does nothing.</summary>
    public void Close(Action last)
    {
        lock (_queue)
        {
            if (_last is not null) return;
            _last = last;
            Monitor.Pulse(_queue);
        }

        if (!IsCurrent) _thread.Join();
    }

    private void Serve()
    {
        while (Next() is { } envelope)
        {
            _betweenJobs();
            envelope.RunAndSignal();
        }

        _last!();
    }

    private Envelope? Next()
    {
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_last is not null) return null;
                Monitor.Wait(_queue);
            }

            return _queue.Dequeue();
        }
    }

    /// <summary>A job on its way, and its outcome on the way back.</summary>
    private abstract class Envelope
    {
        private ExceptionDispatchInfo? _failure;

        public ManualResetEventSlim Done { get; } = new();

        public ExceptionDispatchInfo? TakeFailure()
        {
            ExceptionDispatchInfo? failure = _failure;
            _failure = null;
            return failure;
        }

        public void RunAndSignal()
        {
            try
            {
                Run();
            }
            catch (Exception failure) // carried to the caller of TryRun
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            Done.Set();
        }

        protected abstract void Run();
    }

    private sealed class Envelope<TJob> : Envelope
        where TJob : struct, ILaneJob
    {
        /// <summary>This thread's own: a thread waits for one job at a time.</summary>
        [ThreadStatic]
        public static Envelope<TJob>? Spare;

        public TJob Job;

        protected override void Run() => Job.Run();
    }
}
