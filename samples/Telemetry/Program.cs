// Prints what FusionKernels tells listeners: an activity per operation, and the instruments of its meter.
// An argument names the device; on accelerators, "ilgpu-cpu" among them, kernels are compiled and operands copied, which has instruments of its own.
// dotnet-counters monitor --counters FusionKernels, or OpenTelemetry with AddSource and AddMeter("FusionKernels"), hear the same.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Numerics.Tensors;
using FusionKernels;

using ActivityListener operations = new()
{
    ShouldListenTo = source => source.Name == "FusionKernels",
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    ActivityStopped = activity => Console.WriteLine(
        $"{activity.OperationName}: {activity.Duration.TotalMilliseconds:0.00} ms on {activity.GetTagItem("fusionkernels.device")}, {activity.GetTagItem("fusionkernels.tiling")}"),
};
ActivitySource.AddActivityListener(operations);

Lock gate = new();
SortedDictionary<string, (double Sum, string? Unit)> sums = [];
using MeterListener instruments = new();
instruments.InstrumentPublished = (instrument, listener) =>
{
    if (instrument.Meter.Name == "FusionKernels") listener.EnableMeasurementEvents(instrument);
};
instruments.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
instruments.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
instruments.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
instruments.Start();

using ComputeDevice device = args.Length > 0 ? ComputeDevice.Open(args[0]) : ComputeDevice.OpenHost();
Random random = new(1);
Tensor<float> x = Rows(96, 32), y = Rows(64, 32); // few enough for a simulated device
Gram.Compute(x, y, Kernel.Rbf(0.1f), new() { Device = device });
Attention.Forward(x, y, y, new() { Device = device });
CanonicalCorrelation.Fit(x[.., ..8], x[.., 8..12], new() { Device = device });
Dtw.Distance(x[..40, ..2], x[40.., ..2], new() { Device = device });

using (device.Upload(x))
{
    // Live buffers and memory are asked for, not told.
    instruments.RecordObservableInstruments();
}

Console.WriteLine();
foreach ((string name, (double sum, string? unit)) in sums) Console.WriteLine(FormattableString.Invariant($"{name} = {sum:0.######} {unit}"));

void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
{
    string device = "";
    foreach ((string key, object? tag) in tags)
    {
        if (key is "fusionkernels.device" or "fusionkernels.direction") device += $" {tag}";
    }

    lock (gate)
    {
        string key = instrument.Name + device;
        sums[key] = (sums.GetValueOrDefault(key).Sum + value, instrument.Unit);
    }
}

Tensor<float> Rows(int rows, int columns) =>
    Tensor.Create([.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle())], [rows, columns]);
