using System.Numerics;

namespace FusionKernels;

/// <summary>code = sum over present views of a(m) V(m) h(m), with a the softmax of v . tanh(U h(m)) (Bahdanau, Cho and Bengio 2015).</summary>
internal sealed class AttentionPoolRule<T>(ParameterSet<T> parameters, int views, int width) : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ViewPooling<T> _pooling = new(parameters, views, width);

    /// <inheritdoc/>
    public override int Outputs => width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T> code = _pooling.Forward(batch, batch.Codes(), out Var<T> weights);
        return new(code, weights);
    }
}

/// <summary>A sum of one part of each view, weighed by what a small network says of it.</summary>
internal sealed class ViewPooling<T>(ParameterSet<T> parameters, int views, int width)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dense<T> _inner = new(parameters.In("inner"), width, width, Activation.Tanh);
    private readonly Dense<T> _score = new(parameters.In("score"), width, 1, hasBias: false);
    private readonly Dense<T>[] _values = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"value{m}"), width, width))];

    /// <summary>The sum.</summary>
    /// <param name="batch">What is present.</param>
    /// <param name="parts">By view: rows x width, finite.</param>
    /// <param name="weights">rows x views, of sum 1 over the present ones.</param>
    /// <returns>rows x width.</returns>
    public Var<T> Forward(ModalityTokens<T> batch, Var<T>[] parts, out Var<T> weights)
    {
        weights = (Var<T>.Concat([.. parts.Select(part => _score.Forward(_inner.Forward(part)))]) + batch.Penalty()).Softmax();
        return ModalityTokens<T>.Weighted(weights, [.. parts.Select((part, m) => _values[m].Forward(part))]);
    }
}
