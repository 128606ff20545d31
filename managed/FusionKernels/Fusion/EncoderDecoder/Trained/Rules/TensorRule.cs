using System.Numerics;

namespace FusionKernels;

/// <summary>code = W vec([p(1); 1] x .. x [p(M); 1]) + b (Zadeh et al. 2017), with p a narrower code: an absent view is [0; 1] and leaves the product of the others.</summary>
/// <remarks>
/// The product of many views has room for a few features of each, which are too few where that view is alone. Then there are several
/// products, side by side, of features of their own: the block terms of Ben-Younes et al. 2019.
/// </remarks>
internal sealed class TensorRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most features of a factor, and of all products: six views have five products of 2 each.</summary>
    private const int MostFactors = 16, MostProducts = 4096;

    /// <summary>The features of a view, over all products, that are enough for it to be heard alone.</summary>
    private const int Heard = 10;

    private readonly int _width, _factors, _blocks;
    private readonly Dense<T>[] _narrow;
    private readonly Dense<T> _map;

    /// <summary>Declares the maps.</summary>
    public TensorRule(ParameterSet<T> parameters, int views, int width)
    {
        (_width, _factors, _blocks) = (width, Math.Min(width, MostFactors), 0);
        for (; _factors >= 1; _factors--)
        {
            _blocks = (int)(MostProducts / Math.Pow(_factors + 1, views));
            if (_factors * _blocks >= Math.Min(Heard, width)) break;
        }

        if (_factors == 0) throw new ArgumentException($"the outer product of {views} views is too large; {TrainedFusion.NameOf(FusionRule.LowRank)} does without it");
        _blocks = (Math.Min(Heard, width) + _factors - 1) / _factors;
        _narrow = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"narrow{m}"), width, _factors * _blocks, Activation.Tanh))];
        _map = new(parameters.In("map"), _blocks * (int)Math.Pow(_factors + 1, views), width);
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T> one = batch.PerRow(_ => 1);
        Var<T>[] narrow = [.. batch.Codes().Select((code, m) => _narrow[m].Forward(code) * batch.Mask(m))];
        return new(_map.Forward(Var<T>.Concat([.. Enumerable.Range(0, _blocks).Select(block => Product(one, [.. narrow.Select(code => code.Columns(block * _factors, _factors))]))])));
    }

    /// <summary>The outer product of factors with 1 appended, the last one's features running fastest.</summary>
    public static Var<T> Product(Var<T> one, IReadOnlyList<Var<T>> factors) =>
        factors.Select(factor => Var<T>.Concat(factor, one)).Aggregate(BilinearRule<T>.Outer);
}
