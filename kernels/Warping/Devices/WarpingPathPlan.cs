using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What of the tables of a batch of pairs stays for their paths on a device: pure.</summary>
/// <remarks>
/// Tables that find room together are kept whole. Otherwise the border before each block of strips is, and a block's cells are
/// computed again when the paths come to it: twice the work in all, and about 2 rows sqrt(columns) elements a pair where blocks
/// have sqrt(columns) columns.
/// </remarks>
internal readonly record struct WarpingPathPlan
{
    /// <summary>Bytes of whole tables beside which more gain nothing: beyond them, computing twice costs less than waiting for memory.</summary>
    private const long TableBytes = 256L << 20;

    /// <summary>Bytes of one batch, at most, where pairs can be taken in more.</summary>
    private const long BatchBytes = 1L << 30;

    /// <summary>The launches of the tables.</summary>
    public required WarpingDevicePlan Launches { get; init; }

    /// <summary>Strips of a block.</summary>
    public required int BlockStrips { get; init; }

    /// <summary>Rows of the longest pair.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of the longest pair.</summary>
    public required int Columns { get; init; }

    /// <summary>Blocks of the longest pair.</summary>
    public int Blocks => (Launches.Passes + BlockStrips - 1) / BlockStrips;

    /// <summary>Columns of a block.</summary>
    public int BlockColumns => BlockStrips * Launches.Lanes * CellStrip<byte>.Width;

    /// <summary>Where in a team's working memory the last row begins, behind the border in use and those before the blocks.</summary>
    public long LastRow => (Blocks + 1L) * Rows;

    /// <summary>Elements of a team's working memory: borders, last row, last column.</summary>
    public long WorkPerTeam => LastRow + Columns + Rows;

    /// <summary>Elements of a team's cells.</summary>
    public long CellsPerTeam => (long)Rows * BlockColumns;

    /// <summary>Numbers of a team's moves.</summary>
    public int MoveWords => (int)(((long)Rows + Columns + WarpingTraceKernel.MovesPerWord - 1) / WarpingTraceKernel.MovesPerWord);

    /// <summary>Plans the batches of some pairs.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="load">What there is to do.</param>
    /// <param name="mostTeams">Pairs of a batch for which there is memory, at most.</param>
    /// <param name="isTight">Whether whole tables found no room.</param>
    public static WarpingPathPlan Choose(Engines.AcceleratorEngine engine, in WarpingLoad load, int mostTeams, bool isTight)
    {
        WarpingDevicePlan launches = WarpingDevicePlan.Choose(engine, load, mostTeams);
        WarpingPathPlan whole = new() { Launches = launches, BlockStrips = launches.Passes, Rows = load.Rows, Columns = load.Columns };
        double strip = launches.Lanes * CellStrip<byte>.Width;
        int balanced = Math.Clamp((int)Math.Round(Math.Sqrt(launches.Passes / strip)), 1, launches.Passes);
        bool isWhole = !isTight && (double)launches.Teams * whole.CellsPerTeam * load.ElementBytes <= TableBytes;
        WarpingPathPlan plan = isWhole ? whole : whole with { BlockStrips = balanced };
        long bytes = ((plan.WorkPerTeam + plan.CellsPerTeam) * load.ElementBytes) + ((plan.MoveWords + WarpingTraceKernel.StateSize) * sizeof(int));
        long teams = Math.Max(1, BatchBytes / bytes);
        return teams >= launches.Teams ? plan : plan with { Launches = WarpingDevicePlan.Choose(engine, load, (int)teams) };
    }
}
