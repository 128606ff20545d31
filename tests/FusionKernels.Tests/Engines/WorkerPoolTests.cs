using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

/// <summary>Every piece runs exactly once, whoever calls, however often, and whatever fails.</summary>
public sealed class WorkerPoolTests
{
    [Test]
    public void Every_piece_runs_exactly_once([Values(1, 2, 3, 8)] int threads)
    {
        using WorkerPool pool = new(threads);
        foreach (int pieces in new[] { 0, 1, 2, 3, 7, 64, 1000 })
        {
            int[] runs = new int[pieces];
            CountingJob job = new(runs);
            pool.Run(ref job, pieces, threads);
            Assert.That(runs, Is.All.EqualTo(1), $"{pieces} pieces");
        }
    }

    [Test]
    public void Tiny_jobs_in_a_row_lose_no_piece()
    {
        using WorkerPool pool = new(4);
        int[] runs = new int[5];
        CountingJob job = new(runs);
        for (int i = 0; i < 4_000; i++) pool.Run(ref job, 1 + (i % 5), 2 + (i % 3));
        Assert.That(runs.Sum(), Is.EqualTo(800 * (1 + 2 + 3 + 4 + 5)));
    }

    [Test]
    public void Jobs_between_naps_lose_no_piece()
    {
        using WorkerPool pool = new(3);
        int[] runs = new int[6];
        CountingJob job = new(runs);
        for (int i = 0; i < 100; i++)
        {
            pool.Run(ref job, 6, 3);
            Thread.Sleep(i % 3);
        }

        Assert.That(runs, Is.All.EqualTo(100));
    }

    [Test]
    public void Jobs_within_jobs_run()
    {
        using WorkerPool pool = new(4);
        int[] runs = new int[100];
        NestedJob job = new(pool, runs);
        for (int i = 0; i < 50; i++) pool.Run(ref job, 10, 4);
        Assert.That(runs, Is.All.EqualTo(50));
    }

    [Test]
    public void Jobs_across_two_pools_run()
    {
        using WorkerPool outer = new(3), inner = new(3);
        int[] runs = new int[100];
        NestedJob job = new(inner, runs);
        for (int i = 0; i < 50; i++) outer.Run(ref job, 10, 3);
        Assert.That(runs, Is.All.EqualTo(50));
    }

    [Test]
    public void A_failure_reaches_the_caller_and_the_pool_goes_on([Values(1, 4)] int threads)
    {
        using WorkerPool pool = new(threads);
        for (int i = 0; i < 64; i++)
        {
            FailingJob failing = new(i % 16);
            Assert.That(() => pool.Run(ref failing, 16, threads), Throws.InvalidOperationException.With.Message.EqualTo($"piece {i % 16}"));
            int[] runs = new int[16];
            CountingJob job = new(runs);
            pool.Run(ref job, 16, threads);
            Assert.That(runs, Is.All.EqualTo(1));
        }
    }

    [Test]
    public void Concurrent_callers_each_get_their_own_pieces()
    {
        using WorkerPool pool = new(4);
        int wrong = 0;
        void Call()
        {
            for (int i = 0; i < 100; i++)
            {
                int[] runs = new int[13];
                CountingJob job = new(runs);
                pool.Run(ref job, 13, 4);
                if (runs.Any(count => count != 1)) Interlocked.Increment(ref wrong);
            }
        }

        Thread[] callers = [.. Enumerable.Range(0, 6).Select(_ => new Thread(Call))];
        foreach (Thread caller in callers) caller.Start();
        foreach (Thread caller in callers) caller.Join();
        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void Running_allocates_nothing()
    {
        using WorkerPool pool = new(2);
        CountingJob job = new(new int[8]);
        for (int i = 0; i < 100; i++) pool.Run(ref job, 8, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) pool.Run(ref job, 8, 2);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private readonly struct CountingJob(int[] runs) : IParallelJob
    {
        public void Run(int piece) => Interlocked.Increment(ref runs[piece]);
    }

    private readonly struct NestedJob(WorkerPool pool, int[] runs) : IParallelJob
    {
        public void Run(int piece)
        {
            RangeJob job = new(runs, piece * 10);
            pool.Run(ref job, 10, 4);
        }
    }

    private readonly struct RangeJob(int[] runs, int first) : IParallelJob
    {
        public void Run(int piece) => Interlocked.Increment(ref runs[first + piece]);
    }

    private readonly struct FailingJob(int failing) : IParallelJob
    {
        public void Run(int piece)
        {
            if (piece == failing) throw new InvalidOperationException($"piece {piece}");
        }
    }
}
