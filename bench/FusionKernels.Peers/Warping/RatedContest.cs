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
    private const string OurDouble = $"{ContestRun.OurName}, float64";

    /// <summary>The distances of all pairs of one set.</summary>
    /// <param name="name">The contest's name.</param>
    /// <param name="pairs">The set and its band.</param>
    /// <param name="threads">Threads.</param>
    public static RatedContest Pairs(string name, WarpingPairs pairs, int threads) => new(
        name,
        pairs.Shape,
        threads,
        "GCUPS",
        [
            (ContestRun.OurName, () => FusionKernelsWarping.AllPairs<float>(pairs, threads, ContestRun.OurName)),
            (OurDouble, () => FusionKernelsWarping.AllPairs<double>(pairs, threads, OurDouble)),
            (DtaidistancePairs.Title, () => new DtaidistancePairs(pairs, threads)),
        ]);

    /// <summary>What no peer here has, on one thread: measured to be compared with our own all pairs.</summary>
    /// <param name="tiny">Whether sizes are as small as they can be.</param>
    public static IEnumerable<(string Name, Func<RatedContest> Create)> OurOwn(bool tiny)
    {
        (int series, int length, int pair) = tiny ? (8, 40, 200) : (1000, 256, 20_000);
        int shortest = length * 100 / 256, longest = length * 300 / 256, some = series / 8;
        yield return ("dtw-ragged", () => Alone("dtw-ragged", $"{series} series of {shortest} to {longest}", () => FusionKernelsWarping.Ragged(series, shortest, longest)));
        yield return ("dtw-channels", () => Alone("dtw-channels", $"{series} series of {length}, 3 channels", () => FusionKernelsWarping.Channels(series, length, 3)));
        yield return ("dtw-pair", () => Alone(
            "dtw-pair", $"one pair of {pair}", () => FusionKernelsWarping.Pair(pair, isPath: false), ($"{ContestRun.OurName}, path", () => FusionKernelsWarping.Pair(pair, isPath: true))));
        yield return ("soft-dtw", () => Alone(
            "soft-dtw", $"{some} series of {length}", () => FusionKernelsWarping.Soft(some, length, withGradients: false), ($"{ContestRun.OurName}, gradients", () => FusionKernelsWarping.Soft(some, length, withGradients: true))));
    }

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

    private static RatedContest Alone(string name, string shape, Func<RatedContestant> ours, params (string Name, Func<RatedContestant> Create)[] more) =>
        new(name, shape, 1, "GCUPS", [(ContestRun.OurName, ours), .. more]);
}
