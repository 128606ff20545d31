using System.Numerics;

namespace FusionKernels;

/// <summary>code = the mean over present views of (1 + g(m)) h(m) + b(m), with [g b] a linear map of the mean of the other present codes, 0 without any (Perez et al. 2018).</summary>
internal sealed class FilmRule<T>(ParameterSet<T> parameters, int views, int width) : CombinationRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dense<T>[] _maps = [.. Enumerable.Range(0, views).Select(m => new Dense<T>(parameters.In($"map{m}"), width, 2 * width))];

    /// <inheritdoc/>
    public override int Outputs => width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch)
    {
        Var<T>[] codes = batch.Codes();
        Var<T> sum = codes.Aggregate((a, b) => a + b);
        return new(Enumerable.Range(0, views).Select(Part).Aggregate((a, b) => a + b));

        Var<T> Part(int m)
        {
            Var<T> modulation = _maps[m].Forward((sum - codes[m]) * batch.ShareOfOthers(m)) * batch.HasOthers(m);
            return ((codes[m] * (modulation.Columns(0, width) + 1)) + modulation.Columns(width, width)) * batch.Share(m);
        }
    }
}
