namespace FusionKernels.Cli;

/// <summary>What <c>attention</c> tells about its work.</summary>
/// <param name="Batch">Items.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Queries">Queries of a head.</param>
/// <param name="Keys">Keys of a head.</param>
/// <param name="Width">Features of a query.</param>
/// <param name="Device">The device that ran.</param>
/// <param name="Seconds">Wall time of the forward pass, and of the gradients where they were asked for.</param>
/// <param name="Gflops">10^9 operations a second.</param>
/// <param name="PeakBytes">Operands, results and working memory.</param>
internal sealed record AttentionReport(int Batch, int Heads, int Queries, int Keys, int Width, string Device, double Seconds, double Gflops, long PeakBytes);
