namespace FusionKernels;

/// <summary>How much views look at views: the mean over test rows, heads and the tokens of a view.</summary>
/// <param name="From">Who looks: views, or "(answer)" or "(latent)" of tokens that are no view's.</param>
/// <param name="To">Who is looked at.</param>
/// <param name="Weights">By who looks, then by who is looked at: 0 to 1; of one who looks at anyone the sum is 1.</param>
public sealed record FusionAttention(IReadOnlyList<string> From, IReadOnlyList<string> To, IReadOnlyList<IReadOnlyList<double>> Weights)
{
    /// <summary>The attention of tokens by their views; tokens that look at nothing, as those of absent views, do not count. Null where there is none.</summary>
    internal static FusionAttention? Of(FusionExplanation explanation)
    {
        if (explanation.Attention is not { } looks) return null;
        string[] from = [.. explanation.Queries.Distinct()], to = [.. explanation.Keys.Distinct()];
        int[] queries = [.. explanation.Queries.Select(name => Array.IndexOf(from, name))], keys = [.. explanation.Keys.Select(name => Array.IndexOf(to, name))];
        double[][] sums = [.. from.Select(_ => new double[to.Length])];
        double[] counts = new double[from.Length];
        for (int row = 0; row < looks.Lengths[0]; row++)
        {
            for (int query = 0; query < queries.Length; query++)
            {
                // A softmax for each of several views adds up to as many.
                double whole = 0;
                for (int key = 0; key < keys.Length; key++) whole += looks[row, query, key];
                if (!(whole > 0)) continue;
                counts[queries[query]]++;
                for (int key = 0; key < keys.Length; key++) sums[queries[query]][keys[key]] += looks[row, query, key] / whole;
            }
        }

        return new(from, to, [.. sums.Select((sum, at) => (IReadOnlyList<double>)[.. sum.Select(value => value / Math.Max(1, counts[at]))])]);
    }

    /// <summary>The mean of several folds.</summary>
    internal static FusionAttention Of(IReadOnlyList<FusionAttention> folds) => folds[0] with
    {
        Weights = [.. folds[0].Weights.Select((row, i) => (IReadOnlyList<double>)[.. row.Select((_, j) => folds.Average(one => one.Weights[i][j]))])],
    };
}
