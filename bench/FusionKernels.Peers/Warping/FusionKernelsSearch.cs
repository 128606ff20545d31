using System.Numerics;

namespace FusionKernels.Peers;

/// <summary>Our similarity search.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class FusionKernelsSearch<T> : RatedContestant
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WarpingSearch _search;
    private readonly T[] _query;
    private readonly T[] _stream;
    private readonly DtwSearchOptions _options;
    private DtwSearchMatch<T> _match;

    /// <summary>Takes the search.</summary>
    /// <param name="search">The query and the stream.</param>
    /// <param name="name">The contestant's name.</param>
    public FusionKernelsSearch(WarpingSearch search, string name)
    {
        (_search, Name) = (search, name);
        _query = [.. search.Query.Select(value => T.CreateChecked(value))];
        _stream = [.. search.Stream.Select(value => T.CreateChecked(value))];
        _options = new() { Device = ComputeDevice.Open("host"), Threads = 1, Window = WarpingWindow.Radius(search.Radius) };
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Part => typeof(T) == typeof(float) ? "whole, float32" : "whole, float64";

    /// <inheritdoc/>
    public override double Units => _search.Windows / 1e6;

    /// <inheritdoc/>
    public override void Run() => _match = DtwSearch.Find<T>(_query, _stream, _options).Matches[0];

    /// <inheritdoc/>
    public override double MaxError() => _search.Error(_match.Position, double.CreateChecked(_match.Distance));

    /// <inheritdoc/>
    public override void Dispose() => _options.Device!.Dispose();
}
