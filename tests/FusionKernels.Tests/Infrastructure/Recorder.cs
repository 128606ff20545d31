using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FusionKernels.Tests.Infrastructure;

/// <summary>What an instrument told once.</summary>
internal sealed record Measured(string Name, double Value, IReadOnlyDictionary<string, object?> Tags);

/// <summary>Hears everything that the library tells while it is there.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly ActivityListener _activities;
    private readonly MeterListener _instruments = new();
    private readonly ConcurrentQueue<Measured> _measured = new();

    public Recorder(string? alsoListenTo = null)
    {
        _activities = new()
        {
            ShouldListenTo = source => source.Name == "FusionKernels" || source.Name == alsoListenTo,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
        _instruments.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FusionKernels") listener.EnableMeasurementEvents(instrument);
        };
        _instruments.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _instruments.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _instruments.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _instruments.Start();
    }

    public ConcurrentQueue<Activity> Activities { get; } = new();

    public IEnumerable<Measured> Of(string instrument, string? operation = null) =>
        _measured.Where(one => one.Name == instrument && (operation is null || operation.Equals(one.Tags["fusionkernels.operation"])));

    public void Observe() => _instruments.RecordObservableInstruments();

    public void Clear() => _measured.Clear();

    public void Dispose()
    {
        _activities.Dispose();
        _instruments.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
}
