using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Peaks;

namespace FusionKernels.Bench;

/// <summary>A copy within the device's memory.</summary>
internal sealed class CopyCase : BenchCase
{
    private readonly Engine _engine;
    private readonly int _threads;
    private readonly long _bytes;
    private readonly float[] _values;
    private readonly DeviceBuffer<float> _source;
    private readonly DeviceBuffer<float> _destination;

    /// <summary>Takes the memory.</summary>
    public CopyCase(DeviceSession session, int threads)
    {
        _engine = session.Device.Engine;
        _threads = threads;
        _bytes = session.StreamBytes;
        _values = Samples.Uniform<float>(1, checked((int)(_bytes / sizeof(float))), seed: 7);
        _source = _engine.Allocate<float>(_values.Length, "Bench");
        _destination = _engine.Allocate<float>(_values.Length, "Bench");
        _engine.Upload<float>(_values, _source, 0);
    }

    /// <inheritdoc/>
    public override string Shape => $"{_bytes >> 20} MiB";

    /// <inheritdoc/>
    public override Work Work => new(0, 0, _bytes, _bytes);

    /// <inheritdoc/>
    public override void Run()
    {
        CopyCall call = new(_source, _destination, _threads);
        _engine.Execute(ref call);
    }

    /// <summary>To the device, within it, and back.</summary>
    public override Action? EndToEnd => _engine is HostEngine ? null : () =>
    {
        _engine.Upload<float>(_values, _source, 0);
        Run();
        _engine.Download<float>(_destination, 0, _values);
    };

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(1, checked((int)_source.Length), (_, i) => At(_destination, i), (_, i) => At(_source, i));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    private double At(DeviceBuffer<float> buffer, int index)
    {
        Span<float> element = stackalloc float[1];
        _engine.Download(buffer, index, element);
        return element[0];
    }
}
