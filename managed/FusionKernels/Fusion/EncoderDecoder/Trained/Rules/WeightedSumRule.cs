using System.Numerics;

namespace FusionKernels;

/// <summary>code = sum over present views of a(m) V(m) h(m), with a the softmax over them of one learned number each.</summary>
internal sealed class WeightedSumRule<T>(ParameterSet<T> parameters, int views, int width) : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _logits = parameters.Add("logits", Initializer.Zeros, views);
    private readonly Dense<T>[] _values = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"value{m}"), width, width))];

    /// <inheritdoc/>
    public override int Outputs => width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T> weights = (batch.Penalty() + batch.Tape.Of(_logits)).Softmax();
        return new(ModalityTokens<T>.Weighted(weights, [.. batch.Codes().Select((code, m) => _values[m].Forward(code))]), weights);
    }
}
