using FusionKernels.Kernels.Engines;
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

    /// <summary>The simulation is slow, and so is what stands beside its threads: a small call.</summary>
    private static readonly PublicCall[] s_simulated = [PublicCalls.Named("SparseMatrix.Multiply")];

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
        Together((device, s_calls), (host, s_calls));
    }

    [Test]
    public void Accelerators_at_once_and_a_host_get_the_answers_of_each_alone()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open()), host = ComputeDevice.Open("host"),
            one = ComputeDevice.Over(AcceleratorCatalog.OpenSimulated(4)), other = ComputeDevice.Over(AcceleratorCatalog.OpenSimulated(32));
        Together((device, s_simulated), (host, s_simulated), (one, s_simulated), (other, s_simulated));
    }

    /// <summary>Two callers of each device.</summary>
    private static void Together(params (ComputeDevice Device, PublicCall[] Calls)[] devices)
    {
        const int callers = 2, rounds = 3;
        double[][][] expected = [.. devices.Select(one => one.Calls.Select(call => call.Answer(new(one.Device))).ToArray())];
        List<string> problems = [];
        Thread[] threads = [.. devices.Zip(expected).SelectMany(one => Enumerable.Repeat(one, callers)).Select(one => new Thread(() => Call(one.First.Device, one.First.Calls, one.Second)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(problems, Is.Empty);
        Assert.That(devices.Sum(one => Held.Buffers(one.Device)), Is.Zero);

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
