using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What of the tables of a batch of pairs stays for their paths on a device: pure.</summary>
/// <remarks>
/// Tables that find room together are kept whole. Otherwise the border before each block is, and a block's cells are computed again
/// when the paths come to it: twice the work in all. Blocks are of strips, and about 2 rows sqrt(columns) elements a pair stay where
/// blocks have sqrt(columns) columns; of step patterns they are of rows, their border the rows that steps look back upon, and of a
/// cell stays the number of the step that leads to it.
/// </remarks>
internal readonly record struct WarpingPathPlan
{
    /// <summary>Bytes of whole tables beside which more gain nothing: beyond them, computing twice costs less than waiting for memory.</summary>
    private const long TableBytes = 256L << 20;

    /// <summary>Bytes of one batch, at most, where pairs can be taken in more.</summary>
    private const long BatchBytes = 1L << 30;

    /// <summary>The launches of the tables.</summary>
    public required WarpingDevicePlan Launches { get; init; }

    /// <summary>Strips of a block, or rows.</summary>
    public required int BlockPasses { get; init; }

    /// <summary>Rows of the longest pair.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of the longest pair.</summary>
    public required int Columns { get; init; }

    /// <summary>Elements of the border before a block.</summary>
    public required long BorderLength { get; init; }

    /// <summary>Bits of a choice among the steps of a pattern, or of a move between the three neighbours.</summary>
    public required int MoveBits { get; init; }

    /// <summary>Whether the steps are a pattern.</summary>
    public required bool IsPattern { get; init; }

    /// <summary>Blocks of the longest pair.</summary>
    public int Blocks => (Launches.Passes + BlockPasses - 1) / BlockPasses;

    /// <summary>Columns of a block, or of a pattern rows.</summary>
    public int BlockSize => IsPattern ? BlockPasses : BlockPasses * Launches.Lanes * CellStrip<byte>.Width;

    /// <summary>Where in a team's working memory the last row begins, behind the border in use and those before the blocks.</summary>
    public long LastRow => (Blocks + 1L) * BorderLength;

    /// <summary>Elements of a team's working memory: borders, last row, last column.</summary>
    public long WorkPerTeam => LastRow + Columns + Rows;

    /// <summary>Elements of a team's cells.</summary>
    public long CellsPerTeam => IsPattern ? 0 : (long)Rows * BlockSize;

    /// <summary>Moves or choices of a number.</summary>
    public int MovesPerWord => 32 / MoveBits;

    /// <summary>Numbers of a row of choices.</summary>
    public int ChoiceWords => IsPattern ? (Columns + MovesPerWord - 1) / MovesPerWord : 0;

    /// <summary>Numbers of a team's choices.</summary>
    public long ChoicesPerTeam => (long)BlockPasses * ChoiceWords;

    /// <summary>Numbers of a team's moves.</summary>
    public int MoveWords => (int)(((long)Rows + Columns + MovesPerWord - 1) / MovesPerWord);

    /// <summary>Plans the batches of some pairs.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="load">What there is to do.</param>
    /// <param name="steps">Steps of the pattern; 0 for a rule of three neighbours.</param>
    /// <param name="mostTeams">Pairs of a batch for which there is memory, at most.</param>
    /// <param name="isTight">Whether whole tables found no room.</param>
    public static WarpingPathPlan Choose(Engines.AcceleratorEngine engine, in WarpingLoad load, int steps, int mostTeams, bool isTight)
    {
        WarpingDevicePlan launches = WarpingDevicePlan.Choose(engine, load, mostTeams);
        WarpingPathPlan whole = new()
        {
            Launches = launches,
            BlockPasses = launches.Passes,
            Rows = load.Rows,
            Columns = load.Columns,
            BorderLength = launches.WorkPerTeam,
            MoveBits = !load.IsPattern ? WarpingTraceKernel.MoveBits : steps <= WarpingPatternKernel.MostShortChoices ? 8 : 16,
            IsPattern = load.IsPattern,
        };
        bool isWhole = !isTight && (double)launches.Teams * whole.TableBytesPerTeam(load) <= TableBytes;
        WarpingPathPlan plan = isWhole ? whole : whole with { BlockPasses = Balanced(whole, load) };
        long bytes = (plan.WorkPerTeam * load.ElementBytes) + plan.TableBytesPerTeam(load) + ((plan.MoveWords + WarpingTraceKernel.StateSize) * sizeof(int));
        long teams = Math.Max(1, BatchBytes / bytes);
        return teams >= launches.Teams ? plan : plan with { Launches = WarpingDevicePlan.Choose(engine, load, (int)teams) };
    }

    private long TableBytesPerTeam(in WarpingLoad load) => (CellsPerTeam * load.ElementBytes) + (ChoicesPerTeam * sizeof(int));

    /// <summary>The passes of a block with which borders and one block take about the same room.</summary>
    private static int Balanced(in WarpingPathPlan whole, in WarpingLoad load)
    {
        int passes = whole.Launches.Passes;
        double table = whole.TableBytesPerTeam(load) / (double)passes, border = (double)whole.BorderLength * load.ElementBytes;
        return Math.Clamp((int)Math.Round(Math.Sqrt(passes * border / table)), 1, passes);
    }
}
