using System.Numerics;

namespace FusionKernels;

/// <summary>Multi-head attention with its projections: queries of one sequence look at keys and values of another, or of the same (Vaswani et al. 2017).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MultiHeadAttention<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dense<T> _queries, _keys, _values, _output;

    /// <summary>Declares the projections: <c>query</c>, <c>key</c>, <c>value</c> and <c>output</c>.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="features">Features of queries and of the output; a multiple of the heads.</param>
    /// <param name="heads">Heads, 1 or more.</param>
    /// <param name="context">Features of what is looked at; null for the same.</param>
    /// <exception cref="ArgumentException">The features are no multiple of the heads.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public MultiHeadAttention(ParameterSet<T> parameters, int features, int heads, int? context = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (features % heads != 0) throw new ArgumentException($"{features} features cannot be shared by {heads} heads", nameof(heads));
        Heads = heads;
        _queries = new(parameters.In("query"), features, features);
        _keys = new(parameters.In("key"), context ?? features, features);
        _values = new(parameters.In("value"), context ?? features, features);
        _output = new(parameters.In("output"), features, features);
    }

    /// <summary>Heads.</summary>
    public int Heads { get; }

    /// <summary>What the queries see of a context.</summary>
    /// <param name="x">items x queries x features.</param>
    /// <param name="context">items x keys x context features; of another length and clock, as they come.</param>
    /// <param name="keep">Which rows of the context are there, items x keys, row-major; empty for all.</param>
    /// <param name="isCausal">Whether a query sees the context up to its own place alone.</param>
    /// <returns>items x queries x features.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Forward(Var<T> x, Var<T> context, ReadOnlySpan<bool> keep = default, bool isCausal = false) =>
        _output.Forward(_queries.Forward(x).Attention(_keys.Forward(context), _values.Forward(context), Heads, keep, isCausal));

    /// <summary>How the queries look at the context: the mean over heads.</summary>
    /// <param name="x">items x queries x features.</param>
    /// <param name="context">items x keys x context features.</param>
    /// <param name="keep">Which rows of the context are there, items x keys, row-major; empty for all.</param>
    /// <returns>items x queries x keys: of sum 1 over the keys that are there, 0 elsewhere.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Weights(Var<T> x, Var<T> context, ReadOnlySpan<bool> keep = default) =>
        ComposedAttention.MeanWeights(_queries.Forward(x), _keys.Forward(context), Heads, keep);
}
