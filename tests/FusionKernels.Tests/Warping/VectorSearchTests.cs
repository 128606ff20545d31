using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Similarity search of samples with several channels, against the alignment of every window.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class VectorSearchTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void Finds_what_the_definition_finds()
    {
        Random random = new(1);
        foreach ((int length, int channels) in new[] { (1, 2), (6, 3), (17, 13), (40, 2) })
        {
            foreach (WarpingWindow window in new[] { WarpingWindow.Radius(0), WarpingWindow.Fraction(0.1), WarpingWindow.None, WarpingWindow.Itakura(2) })
            {
                double[][] query = Walk(random, length, channels), stream = Walk(random, length + 250, channels);
                DtwSearchOptions options = new() { Device = engine.Device, Window = window, Count = 4, Exclusion = 1 + (length / 3), ZNormalize = length != 6 };
                MissingCases.RequireMatches(Find(query, stream, options), MissingCases.Distances(query, stream, options), options, 64 * length * Tolerances.Epsilon<T>());
            }
        }
    }

    [Test]
    public void The_bound_removes_windows_and_never_a_match([Values(PointCost.SquaredEuclidean, PointCost.Absolute, PointCost.Euclidean)] PointCost cost)
    {
        Random random = new(2);
        double[][] query = Walk(random, 30, 3), stream = Walk(random, 9000, 3);
        DtwSearchOptions options = new() { Device = engine.Device, Window = WarpingWindow.Radius(2), Count = 5, Cost = cost };
        DtwSearchResult<T> found = Find(query, stream, options);
        Assert.That(found.Matches, Is.EqualTo(Find(query, stream, options with { IsExhaustive = true }).Matches));
        Assert.That(found.Ledger.KeoghOfWindow + found.Ledger.Completed, Is.EqualTo(found.Ledger.Windows).And.EqualTo(8971));
        Assert.That(found.Ledger.Pruned, Is.GreaterThan(0.25));
        Assert.That(Find(query, stream, options with { Threads = 1 }).Matches, Is.EqualTo(found.Matches));
    }

    [Test]
    public void A_query_that_was_hidden_scaled_channel_by_channel_is_found()
    {
        Random random = new(3);
        double[][] query = Walk(random, 25, 4), stream = Walk(random, 700, 4);
        for (int i = 0; i < query.Length; i++) stream[400 + i] = [.. query[i].Select((value, c) => (value * (c + 1)) + (10 * c))];
        DtwSearchMatch<T> match = Find(query, stream, new() { Device = engine.Device, Window = WarpingWindow.Radius(2) }).Matches[0];
        Assert.That(match.Position, Is.EqualTo(400));
        Assert.That(double.CreateChecked(match.Distance), Is.Zero.Within(1e3 * Tolerances.Epsilon<T>()));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Random random = new(4);
        double[][] two = Walk(random, 9, 2), three = Walk(random, 30, 3);
        Assert.That(() => Find(two, three, new()), Throws.ArgumentException.With.Message.Contains("'query' has 2 channels, 'stream' has 3"));
        Assert.That(() => Find(three, three[..20], new()), Throws.ArgumentException.With.Message.Contains("the stream has 20 samples, the query 30"));
        three[7][1] = double.NaN;
        Assert.That(() => Find(three[20..], three, new()), Throws.ArgumentException.With.Message.Contains("stream, sample 7, channel 1, is NaN"));
        Assert.That(() => Find(two, two, new() { Cancellation = new(canceled: true) }), Throws.InstanceOf<OperationCanceledException>());
    }

    private static DtwSearchResult<T> Find(double[][] query, double[][] stream, DtwSearchOptions options) => DtwSearch.Find(WarpingSeries.Tensor<T>(query), WarpingSeries.Tensor<T>(stream), options);

    /// <summary>A walk in every channel, in the element's precision.</summary>
    private static double[][] Walk(Random random, int length, int channels)
    {
        T[][] walks = [.. Enumerable.Range(0, channels).Select(_ => SearchCases.Walk<T>(random, length))];
        return [.. Enumerable.Range(0, length).Select(step => walks.Select(walk => double.CreateChecked(walk[step])).ToArray())];
    }
}
