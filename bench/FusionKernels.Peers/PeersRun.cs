using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>All contests, one after the other.</summary>
internal static class PeersRun
{
    /// <summary>Runs them, prints one table and writes it to files.</summary>
    /// <param name="rounds">Rounds of every contest.</param>
    /// <param name="filters">Only contests whose name contains one of these; all where there are none.</param>
    /// <param name="tiny">Whether sizes are as small as they can be, to see that everything runs.</param>
    /// <param name="machine">The machine's name; null for one made of its model.</param>
    /// <param name="folder">Where results go.</param>
    public static void Execute(int rounds, string[] filters, bool tiny, string? machine, string folder)
    {
        using DeviceSession session = new("host", tiny ? 0 : SuiteOptions.Whole.SecondsAtPeak);
        List<Func<PeerRow>> rows = [];
        foreach ((_, Func<Contest> create) in Contests(session).Where(one => IsWanted(one.Name, filters)))
        {
            using Contest contest = create();
            Announce(contest.Name, contest.Ours.Shape, contest.Threads);
            rows.AddRange(ContestRun.Execute(contest, session, rounds));
        }

        List<RatedRow> warping = [];
        foreach ((_, Func<RatedContest> create) in WarpingContests(tiny).Where(one => IsWanted(one.Name, filters)))
        {
            RatedContest contest = create();
            Announce(contest.Name, contest.Shape, contest.Threads);
            warping.AddRange(RatedContestRun.Execute(contest, rounds));
        }

        PeerResults results = new(
            Machine.Describe(machine, [session.Device.Description], PeerLibraries.Versions()),
            $"{rounds} rounds in which the libraries take turns: a pause, one call to warm up, one call timed",
            DeviceResult.Of(session),
            [.. rows.Select(row => row())],
            warping);
        string markdown = results.ToMarkdown();
        Console.Write(markdown);
        foreach (string file in ResultFiles.Write(folder, results.Machine, "peers", markdown, results)) Console.Error.WriteLine($"peers: wrote {file}");
    }

    private static bool IsWanted(string contest, string[] filters) =>
        filters.Length == 0 || filters.Any(text => contest.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static void Announce(string contest, string shape, int threads) => Console.Error.WriteLine($"peers: {contest}, {shape}, threads: {threads}");

    private static IEnumerable<(string Name, Func<Contest> Create)> Contests(DeviceSession session)
    {
        int cores = Environment.ProcessorCount;
        yield return ("gemm", () => Contest.Product(session, 1));
        if (cores > 1) yield return ("gemm", () => Contest.Product(session, 2));
        yield return ("rbf-d64", () => Contest.Rbf(session, 64, cores));
        yield return ("rbf-d512", () => Contest.Rbf(session, 512, cores));
        yield return ("cca-d512", () => Contest.Correlation(session, cores));
        yield return ("train-mlp", () => Contest.Perceptron(session, "train-mlp", cores, [784, 1024, 1024, 10], 256));
        yield return ("train-tiny", () => Contest.Perceptron(session, "train-tiny", 1, [64, 64, 10], 32));
        yield return ("train-transformer", () => Contest.Transformer(session, cores));
        yield return ("train-dcca", () => Contest.DeepCorrelation(session, cores));
        yield return ("kernel-svm", () => Contest.Machines(session, 1));
        if (cores > 1) yield return ("kernel-svm", () => Contest.Machines(session, cores));
        yield return ("alignf", () => Contest.Alignment(session, cores));
        yield return ("eigen", () => Contest.Eigen("eigen", EigenCase.Large(session, cores), cores));
        yield return ("eigen-batched", () => Contest.Eigen("eigen-batched", EigenCase.Batched(session, 1), 1));
        if (cores > 1) yield return ("eigen-batched", () => Contest.Eigen("eigen-batched", EigenCase.Batched(session, cores), cores));
        yield return ("graph-epoch", () => Contest.GraphEpoch(session, 1));
        if (cores > 1) yield return ("graph-epoch", () => Contest.GraphEpoch(session, cores));
        yield return ("svd-top", () => Contest.SvdTop(session, cores));
        (string, AttentionMasking, bool)[] attention = [("attention", AttentionMasking.None, false), ("attention-causal", AttentionMasking.Causal, false), ("attention-gradients", AttentionMasking.None, true)];
        foreach ((string name, AttentionMasking masking, bool withGradients) in attention)
        {
            yield return (name, () => Contest.Attention(session, name, 1, masking, withGradients));
            if (cores > 1) yield return (name, () => Contest.Attention(session, name, cores, masking, withGradients));
        }

        yield return ("attention-masks", () => Contest.AttentionMasks(session, 1));
        if (cores > 1) yield return ("attention-masks", () => Contest.AttentionMasks(session, cores));

        yield return ("attention-decode", () => Contest.Decode(session, 1));
        if (cores > 1) yield return ("attention-decode", () => Contest.Decode(session, cores));
        foreach (int length in (int[])[1, 7, 33, 100])
        {
            foreach (int width in (int[])[40, 64, 80, 128])
            {
                string name = $"attention-l{length}-d{width}";
                yield return (name, () => Contest.ShortAttention(session, name, cores, length, width));
            }
        }
    }

    private static IEnumerable<(string Name, Func<RatedContest> Create)> WarpingContests(bool tiny)
    {
        (int series, int length, int points) = tiny ? (12, 64, 5000) : (1000, 256, 1_000_000);
        int cores = Environment.ProcessorCount;
        foreach ((string name, int? radius) in new (string, int?)[] { ("dtw", null), ("dtw-radius25", 25) })
        {
            yield return (name, () => RatedContest.Pairs(name, new(series, length, radius), 1));
            if (cores > 1) yield return (name, () => RatedContest.Pairs(name, new(series, length, radius), cores));
        }

        foreach ((string Name, Func<RatedContest> Create) contest in RatedContest.OurOwn(tiny)) yield return contest;
        yield return ("dtw-search", () => RatedContest.Search("dtw-search", new(points, length: 128, part: 0.05)));
    }
}
