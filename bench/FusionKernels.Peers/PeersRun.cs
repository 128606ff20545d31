using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>All contests, one after the other.</summary>
internal static class PeersRun
{
    /// <summary>Runs them, prints one table and writes it to files.</summary>
    /// <param name="rounds">Rounds of every contest.</param>
    /// <param name="tiny">Whether sizes are as small as they can be, to see that everything runs.</param>
    /// <param name="machine">The machine's name; null for one made of its model.</param>
    /// <param name="folder">Where results go.</param>
    public static void Execute(int rounds, bool tiny, string? machine, string folder)
    {
        using DeviceSession session = new("host", tiny);
        List<PeerRow> rows = [];
        foreach (Func<Contest> create in Contests(session))
        {
            using Contest contest = create();
            Console.Error.WriteLine($"peers: {contest.Name}, {contest.Ours.Shape}, threads: {contest.Threads}");
            rows.AddRange(ContestRun.Execute(contest, session, rounds));
        }

        PeerResults results = new(
            Machine.Describe(machine, [session.Device.Description], PeerLibraries.Versions()),
            $"{rounds} rounds in which the libraries take turns: a pause, one call to warm up, one call timed",
            DeviceResult.Of(session),
            rows);
        string markdown = results.ToMarkdown();
        Console.Write(markdown);
        foreach (string file in ResultFiles.Write(folder, results.Machine, "peers", markdown, results)) Console.Error.WriteLine($"peers: wrote {file}");
    }

    private static IEnumerable<Func<Contest>> Contests(DeviceSession session)
    {
        int cores = Environment.ProcessorCount;
        yield return () => Contest.Product(session, 1);
        if (cores > 1) yield return () => Contest.Product(session, 2);
        yield return () => Contest.Rbf(session, 64, cores);
        yield return () => Contest.Rbf(session, 512, cores);
    }
}
