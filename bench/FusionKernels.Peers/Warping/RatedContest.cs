namespace FusionKernels.Peers;

/// <summary>One computation at which libraries are compared by their speed, though one may do only a part of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes, in words.</param>
/// <param name="Threads">Threads of every contestant.</param>
/// <param name="Unit">The unit of speed.</param>
/// <param name="Contestants">
/// Made when their turn comes: a library may be absent. The others are compared with the one named <see cref="ContestRun.OurName"/>.
/// </param>
internal sealed record RatedContest(
    string Name, string Shape, int Threads, string Unit, IReadOnlyList<(string Name, Func<RatedContestant> Create)> Contestants)
{
    private const string OurSingle = $"{ContestRun.OurName}, float32";

    /// <summary>The distances of all pairs of one set.</summary>
    /// <param name="name">The contest's name.</param>
    /// <param name="pairs">The set and its band.</param>
    /// <param name="threads">Threads.</param>
    public static RatedContest Pairs(string name, WarpingPairs pairs, int threads) => new(
        name,
        pairs.Shape,
        threads,
        "GCUPS",
        [(DtaidistancePairs.Title, () => new DtaidistancePairs(pairs, threads))]);

    /// <summary>The best match of a query in a stream, one thread.</summary>
    /// <param name="name">The contest's name.</param>
    /// <param name="search">The query and the stream.</param>
    public static RatedContest Search(string name, WarpingSearch search) => new(
        name,
        search.Shape,
        1,
        "Mwindows/s",
        [
            (ContestRun.OurName, () => new FusionKernelsSearch<double>(search, ContestRun.OurName)),
            (OurSingle, () => new FusionKernelsSearch<float>(search, OurSingle)),
            (UcrSuiteSearch.Title, () => new UcrSuiteSearch(search)),
        ]);
}
