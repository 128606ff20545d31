using System.Runtime.InteropServices;

namespace FusionKernels.Peers;

/// <summary>What is used of the UCR Suite.</summary>
internal static class UcrSuite
{
    /// <summary>The library's name.</summary>
    public const string Library = "ucr_suite";

    /// <summary>The environment variable that names the folder of UCR_DTW.cpp.</summary>
    public const string SourceVariable = "UCR_SUITE_SOURCE";

    /// <summary>Finds the window of a stream that is nearest to a query, both z-normalised; one call at a time.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="count">Its length.</param>
    /// <param name="query">The query.</param>
    /// <param name="length">Its length.</param>
    /// <param name="radius">The band's radius as a part of the query's length.</param>
    /// <param name="location">Where the window starts.</param>
    /// <param name="distance">Its distance.</param>
    [DllImport(Library, EntryPoint = "peer_search")]
    public static extern void Search(
        double[] stream, long count, double[] query, int length, double radius, out long location, out double distance);
}
