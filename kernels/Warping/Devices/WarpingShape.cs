using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Warping.Pairs;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Sizes, places and choices of one launch over pairs of series, as a kernel argument.</summary>
internal struct WarpingShape
{
    /// <summary>The first pair of the launch, counted over all pairs.</summary>
    public long FirstPair;

    /// <summary>Behind the last pair of the launch.</summary>
    public long EndPair;

    /// <summary>Teams of threads; team t takes pair FirstPair + t, then every Teams-th one.</summary>
    public int Teams;

    /// <summary>Threads of a team: a power of two, at most a warp.</summary>
    public int Lanes;

    /// <summary>The first pass of each pair that the launch makes: a strip of columns, or a row, of one part.</summary>
    public int FirstPass;

    /// <summary>Behind the last pass that it makes.</summary>
    public int EndPass;

    /// <summary>Series of y; where symmetric, of x.</summary>
    public int Columns;

    /// <summary>1 where x stands against itself: pairs on and above the diagonal.</summary>
    public int IsSymmetric;

    /// <summary>1 where a result goes to the place across the diagonal, too.</summary>
    public int Mirrors;

    /// <summary>Where the series of y begin in the list of series.</summary>
    public int FirstY;

    /// <summary>Different lengths in y.</summary>
    public int ColumnClasses;

    /// <summary>Alignments of a pair, whose end values are added.</summary>
    public int Parts;

    /// <summary>Elements from one part of x to the next.</summary>
    public long XPart;

    /// <summary>Elements from one part of y to the next.</summary>
    public long YPart;

    /// <summary>Elements from one sample of x to the next.</summary>
    public long XStep;

    /// <summary>Elements from one sample of y to the next.</summary>
    public long YStep;

    /// <summary>Where the values per step of x begin.</summary>
    public long XValues;

    /// <summary>Where those of y begin.</summary>
    public long YValues;

    /// <summary>Where the border values of x begin.</summary>
    public long XBorders;

    /// <summary>Where those of y begin.</summary>
    public long YBorders;

    /// <summary>Values per step of one part of x.</summary>
    public long XPartSteps;

    /// <summary>Values per step of one part of y.</summary>
    public long YPartSteps;

    /// <summary>Channels of a sample.</summary>
    public int Channels;

    /// <summary>The <see cref="DevicePointCost"/>.</summary>
    public int Cost;

    /// <summary>1 where a channel that is missing on either side costs nothing.</summary>
    public int SkipsMissing;

    /// <summary>The <see cref="WarpingFinish"/>.</summary>
    public int Finish;

    /// <summary>The values per lag of the longest even length come first; these follow for odd ones; 0 where lags do not depend on lengths.</summary>
    public int OddLags;

    /// <summary>Lags of the longest even length, halved.</summary>
    public int HalfLags;

    /// <summary>What may be left out at the ends.</summary>
    public int BeginX;

    /// <inheritdoc cref="BeginX"/>
    public int EndX;

    /// <inheritdoc cref="BeginX"/>
    public int BeginY;

    /// <inheritdoc cref="BeginX"/>
    public int EndY;

    /// <summary>Elements from one row of a team's border to the next, in working memory.</summary>
    public long BorderRow;

    /// <summary>Elements from one team's border to the next.</summary>
    public long BorderTeam;

    /// <summary>Elements from one of a team's borders to the next; 0 where one border serves all strips in turn.</summary>
    public long BorderSlot;

    /// <summary>Strips of a block whose left border stays for paths, or its rows; read where <see cref="KeepsBorders"/> or <see cref="StoresCells"/>.</summary>
    public int BlockPasses;

    /// <summary>1 where the border before each block, the last row and the last column stay in working memory, and no result is written.</summary>
    public int KeepsBorders;

    /// <summary>1 where the cells of one block of strips go to <see cref="Result"/>, a table a team, or a step pattern's choices of one block of rows to memory of their own; no result is written.</summary>
    public int StoresCells;

    /// <summary>Bits of one choice among the steps.</summary>
    public int ChoiceBits;

    /// <summary>Numbers of a row of choices.</summary>
    public int ChoiceWords;

    /// <summary>Where in a team's working memory its last row begins; its last column follows after <see cref="MostColumns"/>.</summary>
    public long LastRow;

    /// <summary>Where the teams' states begin in working memory: the least end value so far, the sum of the parts done.</summary>
    public long State;

    /// <summary>Steps of the step pattern.</summary>
    public int PatternSteps;

    /// <summary>Rows of a table that a step pattern looks back upon, with the one it makes and, where threads share a pair, the one that the thread before makes.</summary>
    public int RingRows;

    /// <summary>Columns of a thread that a step pattern needs at least: those that a step goes forward, up to a multiple of 4.</summary>
    public int LeastLaneColumns;

    /// <summary>The most columns of a thread, of a step pattern.</summary>
    public int LaneColumns;

    /// <summary>The most samples of a series of y.</summary>
    public int MostColumns;

    /// <summary>1 where <see cref="Result"/> is the table of accumulated costs of the one pair; its distance goes to its team's state.</summary>
    public int StoresTable;

    /// <summary>Where the results go.</summary>
    public DeviceLayout Result;
}
