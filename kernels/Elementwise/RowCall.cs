using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>result(i, j) = rule(a(i, j), ..., reductions of row i), and a statistic of each row; operands have the result's shape, with strides of 0 where they repeat.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
internal struct RowCall<T, TRule> : IEngineCall
    where T : unmanaged
    where TRule : unmanaged, IRowRule<T>
{
    /// <summary>The result, columns consecutive; may be one of the operands.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>The first operand.</summary>
    public required Operand<T> A { get; init; }

    /// <summary>The second operand, where the rule reads one.</summary>
    public Operand<T> B { get; init; }

    /// <summary>The third operand.</summary>
    public Operand<T> C { get; init; }

    /// <summary>The fourth operand.</summary>
    public Operand<T> D { get; init; }

    /// <summary>Receives the rows' statistics: rows x 1; nothing where nobody asks.</summary>
    public Operand<T> Statistics { get; init; }

    /// <summary>The rule.</summary>
    public required TRule Rule { get; init; }

    /// <summary>Whether values are added to what stands in the result.</summary>
    public bool Adds { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => RowHost<T, TRule>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DeviceMatrix<T> result = Adds ? engine.Update(Result, Settings) : engine.Write(Result, Settings);
        using DeviceMatrix<T> a = engine.Read(A, Settings);
        using DeviceMatrix<T> b = TRule.Inputs > 1 ? engine.Read(B, Settings) : default;
        using DeviceMatrix<T> c = TRule.Inputs > 2 ? engine.Read(C, Settings) : default;
        using DeviceMatrix<T> d = TRule.Inputs > 3 ? engine.Read(D, Settings) : default;
        using DeviceMatrix<T> statistics = Statistics.IsAbsent ? default : engine.Write(Statistics, Settings);
        RowShape shape = new()
        {
            Columns = Result.Columns,
            Adds = Adds ? 1 : 0,
            HasStatistics = Statistics.IsAbsent ? 0 : 1,
            Result = ElementPlace.Of(result),
            A = ElementPlace.Of(a),
            B = TRule.Inputs > 1 ? ElementPlace.Of(b) : default,
            C = TRule.Inputs > 2 ? ElementPlace.Of(c) : default,
            D = TRule.Inputs > 3 ? ElementPlace.Of(d) : default,
            Statistics = Statistics.IsAbsent ? default : ElementPlace.Of(statistics),
        };
        RowViews<T> views = new()
        {
            Result = result.View,
            A = a.View,
            B = TRule.Inputs > 1 ? b.View : a.View,
            C = TRule.Inputs > 2 ? c.View : a.View,
            D = TRule.Inputs > 3 ? d.View : a.View,
            Statistics = Statistics.IsAbsent ? result.View : statistics.View,
        };
        RowKernels<T, TRule>.Instance.Run(engine, views, shape, Result.Rows, Rule, Settings);
        result.Commit();
        if (!Statistics.IsAbsent) statistics.Commit();
    }
}
