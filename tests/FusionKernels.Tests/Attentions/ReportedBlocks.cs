using System.Globalization;

namespace FusionKernels.Tests.Attentions;

/// <summary>What a report tells of blocks of pairs: how many were computed, where there is a dense mask.</summary>
internal static class ReportedBlocks
{
    /// <summary>Blocks that were computed.</summary>
    public static long Of(ExecutionReport report)
    {
        string[] words = report.Tiling[..report.Tiling.IndexOf(" blocks that the mask leaves", StringComparison.Ordinal)].Split(' ');
        return long.Parse(words[^1], CultureInfo.InvariantCulture);
    }
}
