using System.Numerics;

namespace FusionKernels;

/// <summary>code = sum over ranks r of s(r) times the product over views of W(m, r) [h(m); 1] (Liu et al. 2018): tensor fusion whose weights are a sum of that many outer products.</summary>
internal sealed class LowRankRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _outputs, _rank;
    private readonly Parameter<T>[] _weights, _ones;
    private readonly Parameter<T> _mix;

    /// <summary>Declares the factors; those of the appended 1 begin at 1, so that a product of many views begins as their sum.</summary>
    public LowRankRule(ParameterSet<T> parameters, int views, int width, int outputs, int rank)
    {
        (_outputs, _rank) = (outputs, rank);
        _weights = [.. Enumerable.Range(0, views).Select(m => parameters.In($"factor{m}").Add("weight", Initializer.Normal(1 / Math.Sqrt(width)), checked(outputs * rank), width))];
        _ones = [.. Enumerable.Range(0, views).Select(m => parameters.In($"factor{m}").Add("bias", Initializer.Ones, outputs * rank))];
        _mix = parameters.Add("mix", Initializer.Constant(1.0 / rank), 1, rank);
    }

    /// <inheritdoc/>
    public override int Outputs => _outputs;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T> product = batch.Codes().Select((code, m) => code.Linear(batch.Tape.Of(_weights[m]), batch.Tape.Of(_ones[m]))).Aggregate((a, b) => a * b);
        return new(product.Reshape(batch.Rows, _outputs, _rank).Linear(batch.Tape.Of(_mix)).Reshape(batch.Rows, _outputs));
    }
}
