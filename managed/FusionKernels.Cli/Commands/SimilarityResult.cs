namespace FusionKernels.Cli;

/// <summary>What <c>similarity</c> tells about its work.</summary>
/// <param name="Rows">Rows of A.</param>
/// <param name="Columns">Rows of B.</param>
/// <param name="Features">Features that were compared, behind the model.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Relevance"><c>labels</c>, <c>rows</c> where row i of A belongs to row i of B, or null where nothing says what belongs together.</param>
/// <param name="Map">Mean average precision; null without relevance, as all figures of retrieval.</param>
/// <param name="RecallAt1">The share of queries that find something relevant first.</param>
/// <param name="RecallAt5">The same among the first 5.</param>
/// <param name="RecallAt10">The same among the first 10.</param>
/// <param name="MedianRank">The median rank of the first that is relevant.</param>
/// <param name="Matching"><c>mutual</c>, <c>top</c>, <c>assignment</c> or <c>sinkhorn</c>: what the pairs are.</param>
/// <param name="Pairs">The pairs.</param>
/// <param name="Recovered">The share of pairs that belong together; null without relevance or pairs.</param>
/// <param name="Total">The similarity of all pairs of an assignment; null for other matchings.</param>
/// <param name="Transport">How the transport went; null for other matchings.</param>
/// <param name="Device">The device that compared.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Seconds">Wall time without reading and writing.</param>
internal sealed record SimilarityResult(
    int Rows,
    int Columns,
    int Features,
    string Metric,
    string? Relevance,
    BothWays? Map,
    BothWays? RecallAt1,
    BothWays? RecallAt5,
    BothWays? RecallAt10,
    BothWays? MedianRank,
    string Matching,
    IReadOnlyList<MatchedPair> Pairs,
    double? Recovered,
    double? Total,
    TransportSummary? Transport,
    string Device,
    string Precision,
    double Seconds);

/// <summary>A figure of both directions.</summary>
/// <param name="AToB">The rows of A ask.</param>
/// <param name="BToA">The rows of B ask.</param>
internal sealed record BothWays(double AToB, double BToA)
{
    /// <summary>Takes one figure.</summary>
    public static BothWays? Of(RetrievalResult? result, Func<RetrievalScores, double> figure) => result is null ? null : new(figure(result.AToB), figure(result.BToA));
}

/// <summary>How a transport went.</summary>
/// <param name="Epsilon">The regularisation.</param>
/// <param name="Iterations">Pairs of passes.</param>
/// <param name="Converged">Whether the marginals were met.</param>
/// <param name="RowError">The summed deviation of the rows' masses.</param>
/// <param name="ColumnError">The same of the columns.</param>
/// <param name="Cost">The sum of plan times negative similarity.</param>
internal sealed record TransportSummary(double Epsilon, int Iterations, bool Converged, double RowError, double ColumnError, double Cost);
