using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>How the pairs of a block fall into teams, passes and launches on a device: pure.</summary>
internal readonly record struct WarpingDevicePlan
{
    /// <summary>Seconds that one launch is planned to take at the full rate; see <see cref="Products.DeviceLimits"/>.</summary>
    private const double LaunchSeconds = 0.05;

    /// <summary>Threads that a compute unit keeps in flight at most; more teams wait for no gain.</summary>
    private const int ThreadsPerUnit = 2048;

    /// <summary>Threads of a unit that keep it busy: each row of a strip is a chain of dependent minima.</summary>
    private const int BusyThreadsPerUnit = 512;

    /// <summary>Bytes of borders or rings beside which more teams wait for no gain either.</summary>
    private const long WorkBytes = 256L << 20;

    /// <summary>Threads of a group of several warps: registers for 65536 / 128 = 512 threads of 128 a multiprocessor.</summary>
    private const int GroupThreads = 128;

    /// <summary>Steps of a thread alone that one of a group takes: two barriers beside 16 cells, an estimate.</summary>
    private const double GroupStep = 2;

    /// <summary>Who shares a pair.</summary>
    public WarpingTeamKind Team { get; private init; }

    /// <summary>Threads of a team.</summary>
    public int Lanes { get; private init; }

    /// <summary>Teams of a launch, at most.</summary>
    public int Teams { get; private init; }

    /// <summary>Threads of a group.</summary>
    public int GroupSize { get; private init; }

    /// <summary>Passes of the longest pair, over all parts.</summary>
    public int Passes { get; private init; }

    /// <summary>Passes of one launch.</summary>
    public int PassesPerLaunch { get; private init; }

    /// <summary>Columns of a thread, at most.</summary>
    public int LaneColumns { get; private init; }

    /// <summary>Rows of a step pattern's ring; 0 where there is none.</summary>
    public int RingRows { get; private init; }

    /// <summary>Elements of working memory of a team, beside its state.</summary>
    public long WorkPerTeam { get; private init; }

    /// <summary>Cells of one launch.</summary>
    public double CellsPerLaunch { get; private init; }

    /// <summary>Pairs that one team takes in one launch, at most, where a launch makes all their passes.</summary>
    public long PairsPerTeam { get; private init; }

    /// <summary>Whether a launch makes all passes of its pairs.</summary>
    public bool IsWhole => PassesPerLaunch >= Passes;

    /// <summary>Plans a block.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="load">What there is to do.</param>
    /// <param name="mostTeams">Teams for which there is memory, at most.</param>
    public static WarpingDevicePlan Choose(AcceleratorEngine engine, in WarpingLoad load, int mostTeams)
    {
        int units = Math.Max(1, engine.Description.ComputeUnits);
        (WarpingTeamKind team, int lanes) = ChooseTeam(engine, units, load);
        int warp = team == WarpingTeamKind.Warp ? engine.WarpSize : 1;
        int laneColumns = LaneColumnsOf(load, lanes), columns = lanes * laneColumns;
        long passes = (long)load.Parts * (load.IsPattern ? load.Rows : (load.Columns + columns - 1) / columns);
        int ringRows = load.RingRows + (lanes > 1 && load.RingRows > 0 ? 1 : 0);
        long work = load.IsPattern ? (long)ringRows * columns : load.Rows;
        long teams = Math.Min(load.Pairs, (long)units * ThreadsPerUnit / lanes);
        teams = Math.Min(teams, Math.Max(1, WorkBytes / (load.ElementBytes * Math.Max(1, work))));
        teams = Math.Clamp(teams, 1, mostTeams);

        // One thread alone gets as little of its unit as one of many does: its chain of minima has nothing to overlap with.
        double stepsPerLaunch = LaunchSeconds * engine.EstimatedFlopsPerSecond / units / BusyThreadsPerUnit / (load.FlopsPerCell * laneColumns);

        // Rows of one launch begin and end together, so that a launch of few of them would be idle most of its time.
        double stepsPerPass = load.IsPattern ? 1 : load.Rows + lanes - 1;
        int perLaunch = (int)Math.Clamp(stepsPerLaunch / stepsPerPass, load.IsPattern ? Math.Min(lanes, passes) : 1, passes);
        return new()
        {
            Team = team,
            Lanes = lanes,
            Teams = (int)teams,
            GroupSize = team == WarpingTeamKind.Group ? lanes : GroupOf(engine, warp, teams * lanes),
            Passes = checked((int)passes),
            PassesPerLaunch = perLaunch,
            LaneColumns = laneColumns,
            RingRows = ringRows,
            WorkPerTeam = work,
            CellsPerLaunch = LaunchSeconds * engine.EstimatedFlopsPerSecond / load.FlopsPerCell,
            PairsPerTeam = (long)Math.Max(1, stepsPerLaunch / (stepsPerPass * passes)),
        };
    }

    private static (WarpingTeamKind Team, int Lanes) ChooseTeam(AcceleratorEngine engine, int units, in WarpingLoad load)
    {
        if (engine.SupportsWarpShuffles) return (WarpingTeamKind.Warp, ChooseLanes(engine.WarpSize, 1, units, load));
        int most = engine.HasCheapBarriers ? Math.Min(GroupTeam.MostLanes, engine.MaxGroupSize) : 1;
        int lanes = ChooseLanes(most, GroupStep, units, load);
        return (lanes > 1 ? WarpingTeamKind.Group : WarpingTeamKind.Lone, lanes);
    }

    /// <summary>
    /// Teams of few threads lose fewer steps at the begin and the end of a strip and fewer columns at the table's end or beside
    /// a window; teams of many finish few pairs sooner.
    /// </summary>
    private static int ChooseLanes(int most, double teamStep, int units, in WarpingLoad load)
    {
        int best = 1;
        double least = double.PositiveInfinity;
        for (int lanes = 1; lanes <= most; lanes *= 2)
        {
            int own = LaneColumnsOf(load, lanes), width = lanes * own;
            double strips = (load.Columns + width - 1) / width;
            double rows = load.IsPattern ? load.Rows : Math.Min(load.Rows, (double)width + load.BandWidth);
            double rounds = Math.Max(1, (double)lanes * load.Pairs / ((double)units * BusyThreadsPerUnit));
            double time = strips * own * (rows + lanes - 1) * rounds * (lanes > 1 ? teamStep : 1);
            if (time > least) continue;
            (least, best) = (time, lanes);
        }

        return best;
    }

    private static int LaneColumnsOf(in WarpingLoad load, int lanes) =>
        load.IsPattern ? WarpingPatternKernel.LaneColumns(load.Columns, lanes, load.LeastLaneColumns) : CellStrip<byte>.Width;

    private static int GroupOf(AcceleratorEngine engine, int warp, long threads)
    {
        int most = Math.Max(warp, Math.Min(GroupThreads, engine.MaxGroupSize) / warp * warp);
        return (int)Math.Min(most, (threads + warp - 1) / warp * warp);
    }
}
