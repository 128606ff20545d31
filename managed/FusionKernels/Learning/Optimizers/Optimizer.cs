using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Moves the parameters of a set against their gradients, in one pass over all of them.</summary>
/// <remarks>Memory: one or two numbers for each parameter. The same bits for any number of threads. Not thread-safe.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string StepName = "Optimizer.Step";

    private readonly ParameterStore<T> _store;
    private DeviceBuffer<T>? _first;
    private DeviceBuffer<T>? _second;
    private DeviceBuffer<T>? _norm;
    private T[]? _given;

    /// <summary>An optimizer that has taken no step.</summary>
    /// <param name="parameters">What it moves.</param>
    /// <param name="rule">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the rule is out of range.</exception>
    public Optimizer(ParameterSet<T> parameters, OptimizerRule rule)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(rule);
        rule.Check();
        (_store, Rule) = (parameters.Store, rule);
    }

    /// <summary>How parameters follow their gradients.</summary>
    public OptimizerRule Rule { get; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>The norm of all gradients at the last step, before clipping; NaN where nothing clips or before the first.</summary>
    public double GradientNorm { get; private set; } = double.NaN;

    /// <summary>Takes a step along the gradients of the last <see cref="Tape{T}.Backward"/>.</summary>
    /// <param name="tape">The tape of that step.</param>
    /// <exception cref="InvalidOperationException">No tape has used the parameters yet.</exception>
    /// <exception cref="NumericalException">Gradients are to be clipped, and their norm is not finite; no parameter was moved.</exception>
    public void Step(Tape<T> tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (_store.Device is null) throw new InvalidOperationException("no tape has used the parameters: compute a loss and its gradients first");
        Allocate(_store.Device.Engine);
        double scale = Rule.ClipNorm > 0 ? ClipScale(tape) : 1;
        Steps++;
        Move(tape, 0, _store.DecayingLength, Rule.WeightDecay, scale);
        Move(tape, _store.DecayingLength, _store.Length - _store.DecayingLength, 0, scale);
    }

    /// <summary>The states, for a checkpoint: first, then second where there is one.</summary>
    internal T[] State()
    {
        if (_given is not null) return _given;
        int states = Rule.HasSecond ? 2 : 1;
        T[] state = new T[states * (long)_store.Length];
        if (_first is null) return state;
        _first.Engine.Download(_first, 0, state.AsSpan(0, _store.Length));
        if (Rule.HasSecond) _first.Engine.Download(_second!, 0, state.AsSpan(_store.Length));
        return state;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    internal void Resume(T[] state, int steps)
    {
        (Steps, _given) = (steps, state);
        if (_first is not null) Give(_first.Engine, _first, _second);
    }

    /// <summary>Gives the memory of the states back; there is no step after it.</summary>
    internal void Release()
    {
        _first?.Dispose();
        _second?.Dispose();
        _norm?.Dispose();
    }

    private void Allocate(Engine engine)
    {
        if (_first is not null) return;
        DeviceBuffer<T>? first = null, second = null;
        try
        {
            first = engine.Allocate<T>(_store.Length, StepName);
            second = Rule.HasSecond ? engine.Allocate<T>(_store.Length, StepName) : null;
            _given ??= new T[(Rule.HasSecond ? 2 : 1) * (long)_store.Length];
            Give(engine, first, second);
        }
        catch
        {
            first?.Dispose();
            second?.Dispose();
            throw;
        }

        (_first, _second) = (first, second);
    }

    private void Give(Engine engine, DeviceBuffer<T> first, DeviceBuffer<T>? second)
    {
        engine.Upload<T>(_given.AsSpan(0, _store.Length), first, 0);
        if (second is not null) engine.Upload<T>(_given.AsSpan(_store.Length), second, 0);
        _given = null;
    }

    private double ClipScale(Tape<T> tape)
    {
        _norm ??= tape.Engine.Allocate<T>(1, StepName);
        Operand<T> all = ParameterStore<T>.Range(_store.Gradients, 0, _store.Length), sum = new MatrixRef<T>(_norm, 0, 1, 1, 1).InBuffer;
        tape.Total(default(SquareFunction<T>), sum, all, default, 1, adds: false, StepName);
        Span<T> square = [default];
        tape.Engine.Download(_norm, 0, square);
        GradientNorm = Math.Sqrt(double.CreateChecked(square[0]));
        if (!double.IsFinite(GradientNorm)) throw new NumericalException(StepName, $"step {Steps + 1}", $"the norm of all gradients is {GradientNorm}; a smaller learning rate helps");
        return GradientNorm > Rule.ClipNorm ? Rule.ClipNorm / GradientNorm : 1;
    }

    private void Move(Tape<T> tape, int first, int count, double decay, double scale)
    {
        if (count == 0) return;
        OptimizerStep<T> step = new(
            ParameterStore<T>.Range(_store.Values, first, count),
            ParameterStore<T>.Range(_store.Gradients, first, count),
            ParameterStore<T>.Range(_first!, first, count),
            _second is null ? default : ParameterStore<T>.Range(_second, first, count),
            Steps,
            Rule.RateAt(Steps),
            decay,
            scale,
            tape.Settings(StepName));
        Rule.Step(tape.Engine, step);
    }
}
