using System.Diagnostics;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Every operation that takes a token, cancelled before it begins and at random moments: nothing is left behind, and the next call gives the same bits.</summary>
[TestFixtureSource(typeof(HardUseEngines), nameof(HardUseEngines.Chosen))]
public sealed class CancellationTests(TestEngine source)
{
    /// <summary>Done before a token could be looked at twice: bounds of one pair, and weights that the model has already.</summary>
    internal static readonly string[] Scalars = ["LowerBounds.Keogh", "LowerBounds.Improved", "LowerBounds.Webb", "LowerBounds.Kim", "FusionModel.Explain"];

    [Test]
    public void A_cancelled_token_is_obeyed_before_anything_is_done()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        List<string> deaf = [];
        foreach (PublicCall call in PublicCalls.All.Where(call => !Scalars.Contains(call.Operation)))
        {
            try
            {
                call.Answer(new(device, 0, cancelled.Token));
                deaf.Add(call.Name);
            }
            catch (OperationCanceledException)
            {
                // as it should be
            }
            catch (NotSupportedException error)
            {
                deaf.Add($"{call.Name}: {error.Message}");
            }
        }

        Assert.That(deaf, Is.Empty);
        Assert.That(Held.Buffers(device), Is.Zero);
    }

    [Test]
    public void Cancelled_at_any_moment_nothing_is_left_and_the_next_call_is_whole() => Interrupt([.. PublicCalls.OfEachFamily, .. PublicCalls.Larger], moments: 3);

    [Test]
    [Category("Slow")]
    public void Cancelled_at_any_moment_of_any_operation_nothing_is_left_and_the_next_call_is_whole() => Interrupt([.. PublicCalls.All, .. PublicCalls.Larger], moments: 5);

    /// <summary>Tokens are looked at on the way: of calls that take long enough, one is cancelled at last, however busy the machine is.</summary>
    [Test]
    public void A_longer_call_ends_while_it_runs()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        Random random = new(8);
        foreach (PublicCall call in PublicCalls.Larger)
        {
            double[] expected = call.Answer(new(device));
            TimeSpan whole = Duration(call, device, expected);
            long begin = Stopwatch.GetTimestamp();
            while (!IsCancelled(call, device, whole * random.NextDouble(), expected))
            {
                Assert.That(Stopwatch.GetElapsedTime(begin).TotalSeconds, Is.LessThan(60), $"{call} was never cancelled");
            }

            Assert.That(Numbers.AreSame(call.Answer(new(device)), expected), $"{call} after a cancelled call");
        }

        Assert.That(Held.Buffers(device), Is.Zero);
    }

    private void Interrupt(IReadOnlyList<PublicCall> calls, int moments)
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        Random random = new(7);
        foreach (PublicCall call in calls)
        {
            double[] expected = call.Answer(new(device));
            TimeSpan whole = Duration(call, device, expected);
            for (int moment = 0; moment < moments; moment++)
            {
                IsCancelled(call, device, whole * random.NextDouble(), expected);
                Assert.That(Numbers.AreSame(call.Answer(new(device)), expected), $"{call} after a cancelled call");
            }
        }

        Assert.That(Held.Buffers(device), Is.Zero);
    }

    /// <summary>The shortest of a few calls: other programs on the machine lengthen some.</summary>
    private static TimeSpan Duration(PublicCall call, ComputeDevice device, double[] expected)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int turn = 0; turn < 3; turn++)
        {
            long begin = Stopwatch.GetTimestamp();
            double[] answer = call.Answer(new(device));
            TimeSpan time = Stopwatch.GetElapsedTime(begin);
            if (time < shortest) shortest = time;
            Assert.That(Numbers.AreSame(answer, expected), $"{call} differs from itself");
        }

        return shortest;
    }

    /// <summary>Whether a call that is cancelled after a time ends so; where it is done before, it has the right answer.</summary>
    private static bool IsCancelled(PublicCall call, ComputeDevice device, TimeSpan after, double[] expected)
    {
        using CancellationTokenSource source = new();
        using Barrier start = new(2);
        Thread canceller = new(() =>
        {
            start.SignalAndWait();
            long begin = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(begin) >= after);
            source.Cancel();
        });
        canceller.Start();
        start.SignalAndWait();
        try
        {
            Assert.That(Numbers.AreSame(call.Answer(new(device, 0, source.Token)), expected), $"{call}: finished, with another answer");
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        finally
        {
            canceller.Join();
        }
    }
}
