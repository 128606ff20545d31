using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>One of many independent pieces of a job; which worker takes which piece must not change any result.</summary>
internal interface IParallelJob
{
    /// <summary>Computes one piece.</summary>
    /// <param name="piece">The piece, 0 to pieces - 1.</param>
    void Run(int piece);
}

/// <summary>
/// Persistent worker threads that share the pieces of a job by an interlocked counter. Workers spin briefly before they
/// sleep, so that back-to-back jobs start within a microsecond and keep their processors.
/// </summary>
/// <remarks>
/// A worker joins a job that still has a place for it; the caller closes the job when no piece is left and waits only for
/// those who joined. A worker that the system did not schedule in time is not waited for.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>About 20 microseconds of polling: longer than the gap between two phases of one product, shorter than a scheduler's time slice.</summary>
    private const int SpinsBeforeSleep = 2000;

    private const long PlacesMask = OneWorker - 1;
    private const long OneWorker = 1L << 16;
    private const long OneJob = 1L << 32;

    private readonly Lock _oneJobAtATime = new();
    private readonly SemaphoreSlim[] _wake;
    private readonly bool[] _asleep;
    private readonly Thread[] _threads;
    private delegate*<void*, int, void> _invoke;
    private void* _job;
    private int _pieces;
    private int _next;

    /// <summary>
    /// Places left in the job (bits 0 to 15), workers in it (16 to 31) and its number (32 to 63), changed in one piece, so that
    /// nobody joins a job that is over or takes one for the next.
    /// </summary>
    private long _state;
    private volatile bool _stop;
    private volatile Exception? _failure;

    [ThreadStatic]
    private static bool t_insideJob;

    /// <summary>Starts the pool.</summary>
    /// <param name="threads">The number of threads that compute, the caller's own among them.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _wake = new SemaphoreSlim[threads - 1];
        _asleep = new bool[threads - 1];
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"FusionKernels worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads that compute, the caller's own among them.</summary>
    public int Threads => _threads.Length + 1;

    /// <summary>Runs every piece of <paramref name="job"/> and returns when all are done; allocates nothing.</summary>
    /// <remarks>A job started from within a job runs on its own thread, so that nesting cannot deadlock.</remarks>
    /// <param name="job">The job; it must stay valid until this returns, which a caller's local does.</param>
    /// <param name="pieces">The number of pieces.</param>
    /// <param name="threads">At most this many threads.</param>
    public void Run<TJob>(ref TJob job, int pieces, int threads)
        where TJob : struct, IParallelJob
    {
        int participants = Math.Min(Math.Min(threads, Threads), Math.Min(pieces, (int)PlacesMask));
        if (participants <= 1 || t_insideJob)
        {
            for (int piece = 0; piece < pieces; piece++) job.Run(piece);
            return;
        }

        lock (_oneJobAtATime)
        {
            Start(&Invoke<TJob>, Unsafe.AsPointer(ref job), pieces, participants);
            t_insideJob = true;
            TakePieces();
            t_insideJob = false;
            Interlocked.And(ref _state, ~PlacesMask);
            SpinWait wait = default;
            while (Volatile.Read(ref _state) % OneJob >= OneWorker) wait.SpinOnce(sleep1Threshold: -1);
            if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the worker threads; no job may be running.</summary>
    public void Dispose()
    {
        lock (_oneJobAtATime)
        {
            _stop = true;
            foreach (SemaphoreSlim wake in _wake) wake.Release();
            foreach (Thread thread in _threads) thread.Join();
            foreach (SemaphoreSlim wake in _wake) wake.Dispose();
        }
    }

    private static void Invoke<TJob>(void* job, int piece)
        where TJob : struct, IParallelJob => Unsafe.AsRef<TJob>(job).Run(piece);

    private void Start(delegate*<void*, int, void> invoke, void* job, int pieces, int participants)
    {
        _invoke = invoke;
        _job = job;
        _pieces = pieces;
        _next = 0;
        _failure = null;
        long number = (_state / OneJob) + 1;
        Interlocked.Exchange(ref _state, ((number & int.MaxValue) * OneJob) + (participants - 1));
        for (int i = 0; i < participants - 1; i++)
        {
            if (Volatile.Read(ref _asleep[i])) _wake[i].Release();
        }
    }

    private void TakePieces()
    {
        try
        {
            int pieces = _pieces;
            for (int piece = Interlocked.Increment(ref _next) - 1; piece < pieces; piece = Interlocked.Increment(ref _next) - 1)
            {
                _invoke(_job, piece);
            }
        }
        catch (Exception failure) // carried to the caller of Run
        {
            _failure = failure;
            Volatile.Write(ref _next, _pieces);
        }
    }

    private void Work(int index)
    {
        t_insideJob = true;
        long number = 0;
        while (true)
        {
            number = AwaitNextJob(number, index);
            if (_stop) return;
            if (!TryJoin(number)) continue;
            TakePieces();
            Interlocked.Add(ref _state, -OneWorker);
        }
    }

    private bool TryJoin(long number)
    {
        long state = Volatile.Read(ref _state);
        while (state / OneJob == number && (state & PlacesMask) > 0)
        {
            long before = Interlocked.CompareExchange(ref _state, state + OneWorker - 1, state);
            if (before == state) return true;
            state = before;
        }

        return false;
    }

    private long AwaitNextJob(long seen, int index)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            long number = Volatile.Read(ref _state) / OneJob;
            if (number != seen || _stop) return number;
            Thread.SpinWait(8);
        }

        // Announce sleep first, look again second: a job published in between either sees the announcement or is seen here.
        Volatile.Write(ref _asleep[index], true);
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _state) / OneJob == seen && !_stop) _wake[index].Wait();
        Volatile.Write(ref _asleep[index], false);
        return Volatile.Read(ref _state) / OneJob;
    }
}
