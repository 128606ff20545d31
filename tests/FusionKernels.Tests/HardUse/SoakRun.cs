using System.Collections.Concurrent;
using System.Diagnostics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Tests.HardUse;

/// <summary>Calls of every family, mixed, from several threads on one device for a time; every answer is compared with the first one bit by bit.</summary>
/// <param name="device">The device.</param>
/// <param name="calls">What is called.</param>
internal sealed class SoakRun(ComputeDevice device, IReadOnlyList<PublicCall> calls)
{
    private IReadOnlyList<PublicCall> _calls = calls;
    /// <summary>Callers at once.</summary>
    public const int Callers = 8;

    private double[][] _answers = [];
    private long[] _counts = [];
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly List<SoakSample> _samples = [];
    private long _made;

    /// <summary>A sample per period, the first after every call was made once.</summary>
    public IReadOnlyList<SoakSample> Samples => _samples;

    /// <summary>Answers that differ, and exceptions.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Operations that the device says it does not have, in words.</summary>
    public IList<string> Refused { get; } = [];

    /// <summary>Operations that are called.</summary>
    public int Operations => _calls.Count;

    /// <summary>Calls by family.</summary>
    public IEnumerable<(string Family, long Calls)> ByFamily => _calls.Zip(_counts).GroupBy(one => one.First.Family, (family, all) => (family, all.Sum(one => one.Second)));

    /// <summary>The least calls that any of the operations got.</summary>
    public long Fewest => _counts.Min();

    /// <summary>Calls for so long, and samples after every period.</summary>
    public void Run(TimeSpan time, TimeSpan period)
    {
        CallSite site = new(device);
        Begin(site);
        Stopwatch clock = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() => Call(new Random(caller), clock, time, site)) { IsBackground = true, Name = $"caller {caller}" })];
        foreach (Thread thread in threads) thread.Start();
        for (TimeSpan next = period; next <= time; next += period)
        {
            while (clock.Elapsed < next && _problems.IsEmpty) Thread.Sleep(50);
            _samples.Add(SoakSample.Take(clock.Elapsed.TotalMinutes, Interlocked.Read(ref _made), device.Engine));
            if (!_problems.IsEmpty) break;
        }

        foreach (Thread thread in threads) thread.Join();
    }

    /// <summary>The first answer of every operation, alone.</summary>
    private void Begin(CallSite site)
    {
        List<(PublicCall Call, double[] Answer)> made = [];
        foreach (PublicCall call in _calls)
        {
            try
            {
                made.Add((call, call.Answer(site)));
            }
            catch (NotSupportedException told) // it runs on the host alone, and says so
            {
                Refused.Add($"{call}: {told.Message}");
            }
        }

        _calls = [.. made.Select(one => one.Call)];
        _answers = [.. made.Select(one => one.Answer)];
        _counts = new long[made.Count];
    }

    private void Call(Random random, Stopwatch clock, TimeSpan time, CallSite site)
    {
        int[] order = [.. Enumerable.Range(0, _calls.Count)];
        while (true)
        {
            random.Shuffle(order);
            foreach (int one in order)
            {
                if (clock.Elapsed >= time || !_problems.IsEmpty) return;
                try
                {
                    // Threads of a call change with the caller; its bits must not.
                    double[] answer = _calls[one].Answer(site with { Threads = random.Next(3) });
                    if (!Numbers.AreSame(answer, _answers[one])) _problems.Enqueue($"{_calls[one]}: another answer, off by {Numbers.Difference(answer, _answers[one]):g3}");
                }
                catch (Exception failure) // told by the test, with what it was
                {
                    _problems.Enqueue($"{_calls[one]}: {failure}");
                }

                Interlocked.Increment(ref _counts[one]);
                Interlocked.Increment(ref _made);
            }
        }
    }
}
