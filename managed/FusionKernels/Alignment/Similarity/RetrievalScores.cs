namespace FusionKernels;

/// <summary>How well the rows of one set find what is relevant to them in the other.</summary>
/// <param name="MeanAveragePrecision">The mean over the queries of the average precision, over all ranks; 0 to 1.</param>
/// <param name="RecallAt1">The share of queries whose first candidate is relevant.</param>
/// <param name="RecallAt5">The share of queries with something relevant among the first 5.</param>
/// <param name="RecallAt10">The share of queries with something relevant among the first 10.</param>
/// <param name="MedianRank">The median over the queries of the rank of the first relevant candidate, from 1; the mean of both middle ones where they are even in number.</param>
/// <param name="Queries">Queries that something is relevant to; the others count nowhere.</param>
/// <param name="WithoutRelevant">Queries that nothing is relevant to.</param>
public sealed record RetrievalScores(
    double MeanAveragePrecision, double RecallAt1, double RecallAt5, double RecallAt10, double MedianRank, int Queries, int WithoutRelevant)
{
    internal static RetrievalScores Of(double[] averagePrecisions, int[] firstRanks)
    {
        int[] ranks = [.. firstRanks.Where(rank => rank > 0).Order()];
        int middle = ranks.Length / 2;
        double median = ranks.Length % 2 == 1 ? ranks[middle] : (ranks[middle - 1] + ranks[middle]) / 2.0;
        return new(
            averagePrecisions.Where(precision => !double.IsNaN(precision)).Average(),
            ShareWithin(1), ShareWithin(5), ShareWithin(10), median, ranks.Length, firstRanks.Length - ranks.Length);

        double ShareWithin(int first) => ranks.Count(rank => rank <= first) / (double)ranks.Length;
    }
}
