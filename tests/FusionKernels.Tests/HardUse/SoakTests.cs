using System.Globalization;
using System.Text;
using FusionKernels.Bench;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Half an hour of everything from eight threads on each engine: memory and handles stay flat, and every answer has the bits of the first.</summary>
/// <remarks><c>FUSIONKERNELS_SOAK_MINUTES</c> sets the time, <c>FUSIONKERNELS_SOAK_LOG</c> the Markdown file that the log is written to, {0} standing for the engine.</remarks>
[TestFixture]
[Category("Soak")]
public sealed class SoakTests
{
    private const double MiB = 1 << 20;

    /// <summary>The widest host, and every real accelerator.</summary>
    private static IEnumerable<TestEngine> Engines =>
        TestEngines.Present.Where(engine => engine.Kind is DeviceKind.Cuda or DeviceKind.OpenCL).Concat(TestEngines.Present.Where(engine => engine.Kind == DeviceKind.Host).Take(1));

    [Test]
    public void Memory_stays_flat_and_answers_stay_the_same([ValueSource(nameof(Engines))] TestEngine engine)
    {
        double minutes = double.Parse(Environment.GetEnvironmentVariable("FUSIONKERNELS_SOAK_MINUTES") ?? "30", CultureInfo.InvariantCulture);
        using ComputeDevice device = ComputeDevice.Over(engine.Open());
        SoakRun run = new(device, [.. PublicCalls.All, .. PublicCalls.Larger]);
        TimeSpan time = TimeSpan.FromMinutes(minutes);
        run.Run(time, minutes >= 3 ? TimeSpan.FromMinutes(1) : time / 6);
        if (Environment.GetEnvironmentVariable("FUSIONKERNELS_SOAK_LOG") is { Length: > 0 } log) File.WriteAllText(string.Format(CultureInfo.InvariantCulture, log, engine.Name.Replace(':', '-')), Log(device, run));
        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Fewest, Is.Positive, "an operation was never called");

        // The first third warms up: code is compiled again as it is used more, pools and stacks grow to what eight callers need.
        SoakSample[] early = [.. run.Samples.Skip(run.Samples.Count / 3).Take(Math.Max(1, run.Samples.Count / 3))], late = [.. run.Samples.TakeLast(Math.Max(1, run.Samples.Count / 3))];
        Assert.Multiple(() =>
        {
            Flat("managed heap", sample => sample.HeapBytes, 0.1, 8 * MiB);
            Flat("working set", sample => sample.WorkingBytes, 0.1, 48 * MiB);
            Flat("device memory", sample => sample.DeviceBytes, 0.1, 8 * MiB);
            Flat("live buffers", sample => sample.LiveBuffers, 0.5, 400);
            Flat("open files", sample => sample.Files, 0, 12);
            Flat("threads", sample => sample.Threads, 0, 6);
        });

        void Flat(string what, Func<SoakSample, double> of, double share, double beside) =>
            Assert.That(Median(late.Select(of)), Is.LessThanOrEqualTo((Median(early.Select(of)) * (1 + share)) + beside), what);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }

    private static string Log(ComputeDevice device, SoakRun run)
    {
        Machine machine = Machine.Describe(null, [device.Description]);
        StringBuilder log = new();
        log.Append(CultureInfo.InvariantCulture, $"# Soak on {device.Description.Name}\n\n{device.Description}, {machine.Processor}, {machine.Cores} cores, {machine.OperatingSystem}, {machine.Runtime}, SIMD {machine.Simd}. ");
        log.Append(string.Join(", ", machine.Libraries.Select(library => $"{library.Key} {library.Value}")));
        log.Append(CultureInfo.InvariantCulture, $". Ended {machine.Date}; other programs ran on the machine meanwhile.\n\n");
        log.Append(CultureInfo.InvariantCulture, $"{SoakRun.Callers} threads, {run.Samples[^1].Minute:f1} minutes, {run.ByFamily.Sum(one => one.Calls)} calls of {run.Operations} operations; the least called one {run.Fewest} times. ");
        log.Append(CultureInfo.InvariantCulture, $"Answers that differed from the first in any bit, or failed: {run.Problems.Count}.\n\n");
        foreach (string refused in run.Refused) log.Append(CultureInfo.InvariantCulture, $"Not on this device: {refused}\n\n");
        foreach (string problem in run.Problems) log.Append(CultureInfo.InvariantCulture, $"    {problem.ReplaceLineEndings(" ")}\n");
        log.Append("| family | calls |\n| --- | ---: |\n");
        foreach ((string family, long calls) in run.ByFamily) log.Append(CultureInfo.InvariantCulture, $"| {family} | {calls} |\n");
        log.Append("\n| minute | calls | managed heap MiB | working set MiB | device memory MiB | live buffers | open files | threads |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (SoakSample sample in run.Samples)
        {
            log.Append(CultureInfo.InvariantCulture, $"| {sample.Minute:f1} | {sample.Calls} | {sample.HeapBytes / MiB:f1} | {sample.WorkingBytes / MiB:f1} | {sample.DeviceBytes / MiB:f1} | {sample.LiveBuffers} | {sample.Files} | {sample.Threads} |\n");
        }

        log.Append("\nThe heap is measured after a collection; live buffers are those of calls under way, and of models that the collector has yet to find.\n");
        return log.ToString();
    }
}
