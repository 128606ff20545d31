using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Peaks;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>Peaks are measured on every engine; how high they are is the machine's business.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class PeakTests(TestEngine subject)
{
    [Test]
    public void Both_rates_are_measured()
    {
        using Engine engine = subject.Open();
        double single = PeakRates.FlopsPerSecond<float>(engine, 0, CancellationToken.None);
        double copy = PeakRates.CopyBytesPerSecond(engine, 0, 1 << 16, CancellationToken.None);
        Assert.That(single, Is.Positive.And.LessThan(double.PositiveInfinity));
        Assert.That(copy, Is.Positive.And.LessThan(double.PositiveInfinity));
        Assert.That(engine.LiveBuffers, Is.Zero);
    }

    [Test]
    public void A_cancelled_measurement_returns_its_memory()
    {
        using Engine engine = subject.Open();
        Assert.That(
            () => PeakRates.CopyBytesPerSecond(engine, 0, 1 << 16, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(engine.LiveBuffers, Is.Zero);
    }
}
