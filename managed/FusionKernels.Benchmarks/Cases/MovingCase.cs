using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Moving;

namespace FusionKernels.Bench;

/// <summary>Deviations of every window of 64 samples of long series, in the device's memory.</summary>
internal sealed class MovingCase : BenchCase
{
    private const int Window = 64;
    private readonly Engine _engine;
    private readonly int _threads;
    private readonly MovingPlan _plan;
    private readonly float[] _values;
    private readonly float[] _returned;
    private readonly DeviceBuffer<float> _series;
    private readonly DeviceBuffer<float> _result;

    /// <summary>Makes the operands.</summary>
    public MovingCase(DeviceSession session, int threads)
    {
        (_engine, _threads) = (session.Device.Engine, threads);
        _plan = session.IsTiny ? new(3, 200, Window) : new(64, 65_536, Window);
        _values = Samples.Uniform<float>(_plan.Rows, _plan.Samples, seed: 8);
        _series = _engine.Allocate<float>(_values.Length, "Bench");
        _engine.Upload<float>(_values, _series, 0);
        _returned = new float[(long)_plan.Rows * _plan.Windows];
        _result = _engine.Allocate<float>((long)_plan.Rows * _plan.Windows, "Bench");
        Work = new(_plan.Flops(isAroundMean: true), 0, 4.0 * _values.Length, 4.0 * _result.Length);
    }

    /// <inheritdoc/>
    public override string Shape => $"{_plan.Rows} series of {_plan.Samples}, windows of {Window}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run() => MovingWindows.Compute<float, DeviationRule<float>>(
        _engine,
        new MatrixRef<float>(_series, 0, _plan.Rows, _plan.Samples, _plan.Samples),
        Window,
        new MatrixRef<float>(_result, 0, _plan.Rows, _plan.Windows, _plan.Windows),
        new RunSettings("Bench", _threads));

    /// <inheritdoc/>
    public override Action? EndToEnd => _engine is HostEngine ? null : () =>
    {
        _engine.Upload<float>(_values, _series, 0);
        Run();
        _engine.Download<float>(_result, 0, _returned);
    };

    /// <inheritdoc/>
    public override double MaxError()
    {
        _engine.Download<float>(_result, 0, _returned);
        return Samples.MaxError(_plan.Rows, _plan.Windows, (row, at) => _returned[(row * _plan.Windows) + at], Reference);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _series.Dispose();
        _result.Dispose();
    }

    private double Reference(int row, int at) =>
        MovingReference.Deviation(Array.ConvertAll(_values[((row * _plan.Samples) + at)..((row * _plan.Samples) + at + Window)], value => (double)value));
}
