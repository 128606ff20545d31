using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

[TestFixture]
public sealed class LaneTests
{
    [Test]
    public void Jobs_run_on_one_thread_in_the_order_they_came()
    {
        Lane lane = new("test", static () => { });
        HashSet<int> threads = [];
        List<int> order = [];
        for (int i = 0; i < 100; i++)
        {
            Job job = new(() =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                order.Add(i);
            });
            Assert.That(lane.TryRun(ref job));
            Assert.That(job.Ran);
        }

        lane.Close(static () => { });
        Assert.That(threads, Has.Count.EqualTo(1));
        Assert.That(threads, Does.Not.Contain(Environment.CurrentManagedThreadId));
        Assert.That(order, Is.Ordered);
    }

    [Test]
    public void A_job_that_throws_throws_at_its_caller_with_its_own_stack_and_harms_no_other()
    {
        Lane lane = new("test", static () => { });
        Job bad = new(Throw);
        InvalidOperationException? failure = Assert.Throws<InvalidOperationException>(() => lane.TryRun(ref bad));
        Assert.That(failure!.StackTrace, Does.Contain(nameof(Throw)));
        Job good = new(static () => { });
        Assert.That(lane.TryRun(ref good));
        Assert.That(good.Ran);
        lane.Close(static () => { });
    }

    [Test]
    public void A_job_started_from_a_job_runs_at_once()
    {
        Lane lane = new("test", static () => { });
        bool inner = false;
        Job job = new(() =>
        {
            Job nested = new(() => inner = true);
            lane.TryRun(ref nested);
        });
        lane.TryRun(ref job);
        lane.Close(static () => { });
        Assert.That(inner);
    }

    [Test]
    public void Closing_finishes_what_is_queued_and_refuses_what_comes_after()
    {
        Lane lane = new("test", static () => { });
        int done = 0, last = -1;
        Thread[] callers = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            Job job = new(() =>
            {
                Thread.Sleep(5);
                done++;
            });
            lane.TryRun(ref job);
        }))];
        foreach (Thread caller in callers) caller.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref done) > 0);
        lane.Close(() => last = done);
        foreach (Thread caller in callers) caller.Join();
        Assert.That(last, Is.EqualTo(done), "the last action comes after every job that was accepted");
        Job late = new(static () => { });
        Assert.That(lane.TryRun(ref late), Is.False);
        lane.Close(static () => Assert.Fail("a second close does nothing"));
    }

    [Test]
    public void A_job_allocates_nothing_in_steady_state()
    {
        Lane lane = new("test", static () => { });
        Action nothing = static () => { };
        for (int i = 0; i < 100; i++)
        {
            Job warm = new(nothing);
            lane.TryRun(ref warm);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Job job = new(nothing);
            lane.TryRun(ref job);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        lane.Close(static () => { });
        Assert.That(allocated / 1000, Is.LessThan(8), "bytes a job");
    }

    private static void Throw() => throw new InvalidOperationException("bad job");

    private struct Job(Action action) : ILaneJob
    {
        public bool Ran;

        public void Run()
        {
            action();
            Ran = true;
        }
    }
}
