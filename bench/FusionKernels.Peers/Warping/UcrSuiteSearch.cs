namespace FusionKernels.Peers;

/// <summary>The UCR Suite's search, with its input in memory.</summary>
internal sealed class UcrSuiteSearch : RatedContestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "UCR Suite C";

    private readonly WarpingSearch _search;
    private long _location;
    private double _distance;

    /// <summary>Takes the search.</summary>
    /// <exception cref="DllNotFoundException">The library was not compiled.</exception>
    public UcrSuiteSearch(WarpingSearch search)
    {
        CompiledPeers.Require(UcrSuite.Library, UcrSuite.SourceVariable);
        _search = search;
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override string Part => "whole, float64";

    /// <inheritdoc/>
    public override double Units => _search.Windows / 1e6;

    /// <inheritdoc/>
    public override void Run() => UcrSuite.Search(
        _search.Stream, _search.Stream.Length, _search.Query, _search.Query.Length, _search.Part, out _location, out _distance);

    /// <inheritdoc/>
    public override double MaxError() => _search.Error(_location, _distance);

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }
}
