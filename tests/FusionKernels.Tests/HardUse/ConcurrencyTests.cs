using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>One device from many threads, and beside it another: every answer has the bits that it has alone.</summary>
[TestFixtureSource(typeof(HardUseEngines), nameof(HardUseEngines.Chosen))]
public sealed class ConcurrencyTests(TestEngine source)
{
    /// <summary>Quick on every device, of several families.</summary>
    private static readonly PublicCall[] s_calls =
        [.. new[] { "MatrixProduct.Multiply", "Gram.Compute", "Dtw.Distances", "SoftDtw.Distances", "Cholesky.Factor", "Attention.Forward", "SparseMatrix.Multiply", "Softmax.Compute", "Trainer.Fit" }.Select(PublicCalls.Named)];

    [Test]
    public void Eight_threads_on_one_device_get_the_answers_of_one()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        SoakRun run = new(device, s_calls);
        run.Run(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.25));
        Assert.That(run.Problems, Is.Empty);
        Assert.That(Held.Buffers(device), Is.Zero);
    }

    [Test]
    public void Two_devices_at_once_get_the_answers_of_each_alone()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open()), host = ComputeDevice.Open("host");
        Together(device, s_calls, host, s_calls, rounds: 5);
    }

    /// <summary>The simulation is slow: one small call of it.</summary>
    [Test]
    [Category("Slow")]
    public void A_simulated_device_beside_it_disturbs_nothing()
    {
        if (source.Kind != DeviceKind.Host) return;
        using ComputeDevice device = ComputeDevice.Over(source.Open()), simulated = ComputeDevice.Over(Kernels.Engines.AcceleratorCatalog.OpenSimulated(4));
        Together(device, s_calls, simulated, [PublicCalls.Named("Softmax.Compute")], rounds: 2);
    }

    private static void Together(ComputeDevice first, PublicCall[] firstCalls, ComputeDevice second, PublicCall[] secondCalls, int rounds)
    {
        double[][][] expected = [[.. firstCalls.Select(call => call.Answer(new(first)))], [.. secondCalls.Select(call => call.Answer(new(second)))]];
        List<string> problems = [];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(caller => new Thread(() => Call(caller % 2 == 0 ? first : second, caller % 2 == 0 ? firstCalls : secondCalls, expected[caller % 2])))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(problems, Is.Empty);
        Assert.That(Held.Buffers(first) + Held.Buffers(second), Is.Zero);

        void Call(ComputeDevice device, PublicCall[] calls, double[][] answers)
        {
            for (int turn = 0; turn < rounds * calls.Length; turn++)
            {
                PublicCall call = calls[turn % calls.Length];
                string? problem = null;
                try
                {
                    if (!Numbers.AreSame(call.Answer(new(device)), answers[turn % calls.Length])) problem = $"{call} on {device}: another answer";
                }
                catch (Exception failure) // told below, on the test's own thread
                {
                    problem = $"{call} on {device}: {failure}";
                }

                if (problem is null) continue;
                lock (problems) problems.Add(problem);
            }
        }
    }
}
