using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>One step of an optimizer over parameters that lie one after the other, in one pass over them, their gradients and their state.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">The optimizer.</typeparam>
internal struct StepCall<T, TRule> : IEngineCall
    where T : unmanaged
    where TRule : unmanaged, IStepRule<T>
{
    /// <summary>The parameters, changed: a row.</summary>
    public required Operand<T> Parameters { get; init; }

    /// <summary>Their gradients.</summary>
    public required Operand<T> Gradients { get; init; }

    /// <summary>The first state, changed.</summary>
    public required Operand<T> First { get; init; }

    /// <summary>The second state, changed; nothing where the optimizer has none.</summary>
    public Operand<T> Second { get; init; }

    /// <summary>The optimizer.</summary>
    public required TRule Rule { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => StepHost<T, TRule>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Parameters.Columns == 0) return;
        using DeviceMatrix<T> parameters = engine.Update(Parameters, Settings);
        using DeviceMatrix<T> gradients = engine.Read(Gradients, Settings);
        using DeviceMatrix<T> first = engine.Update(First, Settings);
        using DeviceMatrix<T> second = TRule.HasSecond ? engine.Update(Second, Settings) : default;
        StepKernels<T, TRule>.Instance.Step(engine, parameters, gradients, first, TRule.HasSecond ? second : first, Rule, Settings);
        parameters.Commit();
        first.Commit();
        if (TRule.HasSecond) second.Commit();
    }
}

/// <summary>Steps of optimizers on the host.</summary>
internal unsafe struct StepHost<T, TRule> : IVectorJob<T>
    where T : unmanaged
    where TRule : unmanaged, IStepRule<T>
{
    private HostEngine _engine;
    private TRule _rule;
    private T* _parameters, _gradients, _first, _second;
    private int _count;
    private RunSettings _settings;

    /// <summary>Takes the step.</summary>
    public static void Run(HostEngine engine, in StepCall<T, TRule> call)
    {
        if (call.Parameters.Columns == 0) return;
        string operation = call.Settings.Operation;
        StepHost<T, TRule> job = new()
        {
            _engine = engine,
            _rule = call.Rule,
            _parameters = engine.Resolve(call.Parameters, operation),
            _gradients = engine.Resolve(call.Gradients, operation),
            _first = engine.Resolve(call.First, operation),
            _second = TRule.HasSecond ? engine.Resolve(call.Second, operation) : null,
            _count = call.Parameters.Columns,
            _settings = call.Settings,
        };
        VectorDispatch.Run<T, StepHost<T, TRule>>(engine.Width, ref job);
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        Job<V> job = new() { Host = this, Pieces = ElementPieces.Of(1, _count) };
        _engine.Run(ref job, job.Pieces.Count, _settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public StepHost<T, TRule> Host;
        public ElementPieces Pieces;

        public readonly void Run(int piece)
        {
            ElementPiece part = Pieces[piece];
            Host.Step<V>((int)part.Column, (int)part.ColumnEnd);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void Step<V>(int from, int end)
        where V : unmanaged, IHostVector<V, T>
    {
        TRule rule = _rule;
        T* parameters = _parameters, gradients = _gradients, first = _first, second = _second;
        int i = from;
        for (; i + V.Count <= end; i += V.Count)
        {
            Stepped<V> next = rule.Step(V.Load(parameters + i), V.Load(gradients + i), V.Load(first + i), TRule.HasSecond ? V.Load(second + i) : default);
            V.Store(next.Parameter, parameters + i);
            V.Store(next.First, first + i);
            if (TRule.HasSecond) V.Store(next.Second, second + i);
        }

        if (i == end) return;
        int rest = end - i;
        Stepped<V> last = rule.Step(
            V.LoadPartial(parameters + i, rest), V.LoadPartial(gradients + i, rest), V.LoadPartial(first + i, rest), TRule.HasSecond ? V.LoadPartial(second + i, rest) : default);
        V.StorePartial(last.Parameter, parameters + i, rest);
        V.StorePartial(last.First, first + i, rest);
        if (TRule.HasSecond) V.StorePartial(last.Second, second + i, rest);
    }
}
