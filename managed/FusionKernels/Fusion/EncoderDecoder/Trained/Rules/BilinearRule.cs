using System.Numerics;

namespace FusionKernels;

/// <summary>code = sum of U(m) h(m) + sum over pairs of W(i, j) vec(p(i) p(j)ᵀ) + b, with p a narrower code (Tenenbaum and Freeman 2000); what is absent is 0.</summary>
internal sealed class BilinearRule<T> : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most features of a factor: a pair has this number squared.</summary>
    private const int MostFactors = 16;

    private readonly int _views, _width, _factors;
    private readonly Dense<T>[] _single, _narrow, _pairs;

    /// <summary>Declares the maps.</summary>
    public BilinearRule(ParameterSet<T> parameters, int views, int width)
    {
        (_views, _width, _factors) = (views, width, Math.Min(width, MostFactors));
        _single = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"single{m}"), width, width, hasBias: m == 0))];
        _narrow = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"narrow{m}"), width, _factors, hasBias: false))];
        _pairs = [.. Pairs(views).Select(pair => new Dense<T>(parameters.In($"pair{pair.I}_{pair.J}"), _factors * _factors, width, hasBias: false))];
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T>[] codes = batch.Codes(), factors = [.. codes.Select((code, m) => _narrow[m].Forward(code))];
        Var<T> sum = codes.Select((code, m) => _single[m].Forward(code)).Aggregate((a, b) => a + b);
        foreach (((int i, int j), int at) in Pairs(_views).Select((pair, at) => (pair, at))) sum += _pairs[at].Forward(Outer(factors[i], factors[j]));
        return new(sum);
    }

    /// <summary>The outer product of two rows for each item: rows x (a b).</summary>
    public static Var<T> Outer(Var<T> a, Var<T> b)
    {
        int rows = a.Node.Lengths[0];
        return a.Reshape(rows, -1, 1).MatMul(b.Reshape(rows, 1, -1)).Reshape(rows, a.Node.Columns * b.Node.Columns);
    }

    private static IEnumerable<(int I, int J)> Pairs(int views) => from i in Enumerable.Range(0, views) from j in Enumerable.Range(i + 1, views - i - 1) select (i, j);
}
