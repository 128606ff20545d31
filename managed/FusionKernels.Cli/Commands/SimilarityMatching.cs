using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>The pairs that <c>similarity</c> was asked for.</summary>
/// <param name="Name"><c>mutual</c>, <c>top</c>, <c>assignment</c> or <c>sinkhorn</c>.</param>
/// <param name="Pairs">The pairs, by row of A.</param>
/// <param name="Total">The similarity of all pairs of an assignment.</param>
/// <param name="Transport">How the transport went.</param>
internal sealed record SimilarityMatching(string Name, IReadOnlyList<MatchedPair> Pairs, double? Total = null, TransportSummary? Transport = null)
{
    /// <summary>Finds them; assignment and transport read the stored similarities.</summary>
    public static SimilarityMatching Find<T>(
        Tensor<T> a, Tensor<T> b, SimilarityMetric metric, Tensor<T>? similarities, int? top, bool assign, double? epsilon, GramOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (assign) return Assigned(similarities!, options);
        if (epsilon is { } regularisation) return Transported(similarities!, regularisation, options);
        if (top is not { } count) return new("mutual", FusionKernels.Matching.MutualNearest(a, b, metric, options));
        GramNeighbours<T> nearest = FusionKernels.Matching.Nearest(a, b, metric, count, options);
        List<MatchedPair> pairs = [];
        for (int i = 0; i < a.Lengths[0]; i++)
        {
            for (int place = 0; place < count; place++) pairs.Add(new(i, nearest.Indices[i, place], double.CreateChecked(nearest.Similarities[i, place])));
        }

        return new("top", pairs);
    }

    private static SimilarityMatching Assigned<T>(Tensor<T> similarities, GramOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AssignmentResult result = Assignment.Solve(similarities, new() { Maximize = true, Cancellation = options.Cancellation });
        return new("assignment", [.. result.Pairs.Select(pair => Pair(similarities, pair.Row, pair.Column))], result.Total);
    }

    private static SimilarityMatching Transported<T>(Tensor<T> similarities, double epsilon, GramOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SinkhornOptions how = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation };
        SinkhornResult<T> result = Sinkhorn.Transport(Tensor.Negate<T>(similarities), epsilon, how);
        List<MatchedPair> pairs = [];
        for (int i = 0; i < similarities.Lengths[0]; i++)
        {
            int best = 0;
            for (int j = 1; j < similarities.Lengths[1]; j++)
            {
                if (result.Plan[i, j] > result.Plan[i, best]) best = j;
            }

            pairs.Add(Pair(similarities, i, best));
        }

        SinkhornPotentials told = result.Potentials;
        return new("sinkhorn", pairs, Transport: new(epsilon, told.Iterations, told.Converged, told.RowError, told.ColumnError, result.Cost));
    }

    private static MatchedPair Pair<T>(Tensor<T> similarities, int row, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(row, column, double.CreateChecked(similarities[row, column]));
}
