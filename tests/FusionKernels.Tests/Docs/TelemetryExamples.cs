using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The example of docs/telemetry.md.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class TelemetryExamples : ExampleFixture
{
    private readonly ConcurrentQueue<string> heard = new();

    [Test]
    public void Listen()
    {
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "FusionKernels") own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => heard.Enqueue($"{instrument.Name}: {value:0.000000} {instrument.Unit}"));
        listener.Start();
        Gram.Compute(x, Kernel.Rbf(gamma: 0.1f));
        Assert.That(heard, Has.Some.StartsWith("fusionkernels.kernel.duration: ").And.Some.EndsWith(" s"));
    }
}
