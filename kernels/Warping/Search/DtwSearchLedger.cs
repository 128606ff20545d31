using System.Globalization;

namespace FusionKernels;

/// <summary>What became of the windows of a search: how many each stage of its cascade removed. The counts add up to <see cref="Windows"/>.</summary>
/// <remarks>Which stage removes a window depends on the best match so far, and so, with several threads, on which of them was first; the matches do not.</remarks>
/// <param name="Windows">All windows of the stream; where samples that are not finite propagate, those that hold none.</param>
/// <param name="Kim">Removed by the ends alone (Kim's bound, as a hierarchy).</param>
/// <param name="KeoghOfWindow">Removed by the bound of Keogh from the window to the query's envelope.</param>
/// <param name="KeoghOfQuery">Removed by the bound of Keogh from the query to the stream's envelope.</param>
/// <param name="Improved">Removed by Lemire's improved bound.</param>
/// <param name="Webb">Removed by the bound of Webb and Petitjean.</param>
/// <param name="Abandoned">Alignments that were given up before their end.</param>
/// <param name="Completed">Alignments that were computed to their end.</param>
public sealed record DtwSearchLedger(long Windows, long Kim, long KeoghOfWindow, long KeoghOfQuery, long Improved, long Webb, long Abandoned, long Completed)
{
    /// <summary>The part of all windows whose alignment was never begun; 0 where there are none.</summary>
    public double Pruned => Windows == 0 ? 0 : (double)(Windows - Abandoned - Completed) / Windows;

    /// <summary>The ledger in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Windows} windows: Kim {Kim}, Keogh {KeoghOfWindow} + {KeoghOfQuery}, Improved {Improved}, Webb {Webb}, alignments abandoned {Abandoned}, completed {Completed} ({Pruned:P2} pruned)");

    /// <summary>The sums of two ledgers.</summary>
    internal DtwSearchLedger Plus(DtwSearchLedger other) => new(
        Windows + other.Windows,
        Kim + other.Kim,
        KeoghOfWindow + other.KeoghOfWindow,
        KeoghOfQuery + other.KeoghOfQuery,
        Improved + other.Improved,
        Webb + other.Webb,
        Abandoned + other.Abandoned,
        Completed + other.Completed);
}
