using System.Diagnostics;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Every operation that takes a token, cancelled before it begins and at random moments: nothing is left behind, and the next call gives the same bits.</summary>
[TestFixtureSource(typeof(HardUseEngines), nameof(HardUseEngines.Chosen))]
public sealed class CancellationTests(TestEngine source)
{
    private const int Moments = 4;

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
    [Category("Slow")]
    public void Cancelled_at_any_moment_nothing_is_left_and_the_next_call_is_whole()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        Random random = new(7);
        int cancelled = 0;
        foreach (PublicCall call in PublicCalls.All.Concat(PublicCalls.Larger))
        {
            double[] expected = call.Answer(new(device));
            long before = Stopwatch.GetTimestamp();
            Assert.That(Numbers.AreSame(call.Answer(new(device)), expected), $"{call} differs from itself");
            TimeSpan whole = Stopwatch.GetElapsedTime(before);
            for (int moment = 0; moment < Moments; moment++)
            {
                using CancellationTokenSource source = new();
                double share = random.NextDouble();
                Thread canceller = new(() =>
                {
                    SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(before) >= whole * share);
                    source.Cancel();
                });
                before = Stopwatch.GetTimestamp();
                canceller.Start();
                try
                {
                    Assert.That(Numbers.AreSame(call.Answer(new(device, 0, source.Token)), expected), $"{call}: finished, with another answer");
                }
                catch (OperationCanceledException)
                {
                    cancelled++;
                }

                canceller.Join();
            }

            Assert.That(Numbers.AreSame(call.Answer(new(device)), expected), $"{call} after a cancelled call");
        }

        Assert.That(cancelled, Is.GreaterThan(PublicCalls.All.Count / 2), "tokens are looked at on the way");
        Assert.That(Held.Buffers(device), Is.Zero);
    }
}
