using System.Collections;

namespace FusionKernels;

/// <summary>Which samples an alignment matches: pairs of a sample of x and one of y, in order of time.</summary>
/// <remarks>Neither index ever falls. Under step patterns that pass over samples, those samples are in no pair.</remarks>
public sealed partial class WarpingPath : IReadOnlyList<(int X, int Y)>
{
    private readonly int[] _x;
    private readonly int[] _y;

    /// <summary>Takes over the indices.</summary>
    internal WarpingPath(int[] x, int[] y) => (_x, _y) = (x, y);

    /// <summary>The samples of x, in order.</summary>
    public ReadOnlySpan<int> X => _x;

    /// <summary>The samples of y, in order; as many as of <see cref="X"/>.</summary>
    public ReadOnlySpan<int> Y => _y;

    /// <inheritdoc/>
    public int Count => _x.Length;

    /// <inheritdoc/>
    public (int X, int Y) this[int index] => (_x[index], _y[index]);

    /// <summary>The pairs in their order.</summary>
    public IEnumerator<(int X, int Y)> GetEnumerator()
    {
        for (int i = 0; i < _x.Length; i++) yield return (_x[i], _y[i]);
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
