using System.Runtime.InteropServices;

namespace FusionKernels.Peers;

/// <summary>What is used of dtaidistance's C.</summary>
internal static class Dtaidistance
{
    /// <summary>The library's name.</summary>
    public const string Library = "dtaidistance";

    /// <summary>The environment variable that names a checkout of its source.</summary>
    public const string SourceVariable = "DTAIDISTANCE_SOURCE";

    /// <summary>The distances of some rows with all rows after each, row by row.</summary>
    /// <param name="rows">All series, one a row.</param>
    /// <param name="count">The number of series.</param>
    /// <param name="length">Their length.</param>
    /// <param name="window">The band, with the diagonal: 1 is the pointwise distance; 0 for no window.</param>
    /// <param name="first">The first of those rows.</param>
    /// <param name="last">The row after the last of them.</param>
    /// <param name="distances">The distances.</param>
    [DllImport(Library, EntryPoint = "peer_distances")]
    public static extern void Distances(double[] rows, nint count, nint length, nint window, nint first, nint last, ref double distances);
}
