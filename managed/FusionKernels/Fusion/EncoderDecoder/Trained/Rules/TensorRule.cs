using System.Numerics;

namespace FusionKernels;

/// <summary>code = W vec([p(1); 1] x .. x [p(M); 1]) + b (Zadeh et al. 2017), with p a narrower code: an absent view is [0; 1] and leaves the product of the others.</summary>
internal sealed class TensorRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most features of a factor, and of the product of all: six views have 3 each.</summary>
    private const int MostFactors = 16, MostProducts = 4096;

    private readonly int _width;
    private readonly Dense<T>[] _narrow;
    private readonly Dense<T> _map;

    /// <summary>Declares the maps.</summary>
    public TensorRule(ParameterSet<T> parameters, int views, int width)
    {
        int factors = Math.Min(width, MostFactors);
        while (factors > 1 && Math.Pow(factors + 1, views) > MostProducts) factors--;
        if (Math.Pow(factors + 1, views) > MostProducts) throw new ArgumentException($"the outer product of {views} views is too large; {TrainedFusion.NameOf(FusionRule.LowRank)} does without it");
        _width = width;
        _narrow = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"narrow{m}"), width, factors, Activation.Tanh))];
        _map = new(parameters.In("map"), (int)Math.Pow(factors + 1, views), width);
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch) =>
        new(_map.Forward(Product(batch.PerRow(_ => 1), [.. batch.Codes().Select((code, m) => _narrow[m].Forward(code) * batch.Mask(m))])));

    /// <summary>The outer product of factors with 1 appended, the last one's features running fastest.</summary>
    public static Var<T> Product(Var<T> one, IReadOnlyList<Var<T>> factors) =>
        factors.Select(factor => Var<T>.Concat(factor, one)).Aggregate(BilinearRule<T>.Outer);
}
