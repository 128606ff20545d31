using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Similarity search against the alignment of every window.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Hosts))]
[Parallelizable]
public sealed class SearchTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly WarpingWindow[] s_windows =
        [WarpingWindow.Radius(0), WarpingWindow.Radius(1), WarpingWindow.Fraction(0.1), WarpingWindow.Radius(7), WarpingWindow.None, WarpingWindow.Itakura(2)];

    private DtwSearchOptions Options => new() { Device = engine.Device };

    [Test]
    public void Finds_what_the_definition_finds()
    {
        Random random = new(1);
        foreach (int length in (int[])[1, 2, 5, 6, 7, 17, 40])
        {
            foreach (WarpingWindow window in s_windows)
            {
                T[] query = SearchCases.Walk<T>(random, length), stream = SearchCases.Walk<T>(random, length + 300, offset: 50);
                DtwSearchOptions options = Options with { Window = window, Count = 4, Exclusion = 1 + (length / 3), Cost = length % 2 == 0 ? PointCost.SquaredEuclidean : PointCost.Absolute };
                double[] all = SearchCases.Distances(query, stream, options);
                int[] expected = SearchCases.Matches(all, 4, options.Exclusion!.Value);
                DtwSearchResult<T> found = DtwSearch.Find<T>(query, stream, options);
                double tolerance = 64 * length * Tolerances.Epsilon<T>();
                Assert.That(found.Matches, Has.Count.EqualTo(expected.Length), $"length {length}, {window}");
                for (int k = 0; k < expected.Length; k++)
                {
                    // Distances that only rounding tells apart may come in either order.
                    (int position, T distance) = found.Matches[k];
                    Assert.That(double.CreateChecked(distance), Is.EqualTo(all[expected[k]]).Within(tolerance * (1 + all[expected[k]])), $"length {length}, {window}, match {k} at {position}");
                    Assert.That(all[position], Is.EqualTo(all[expected[k]]).Within(tolerance * (1 + all[expected[k]])), $"length {length}, {window}, match {k}");
                }
            }
        }
    }

    [Test]
    public void Ties_and_constant_windows_come_out_as_of_all_windows_to_the_last_bit()
    {
        Random random = new(2);
        for (int trial = 0; trial < 120; trial++)
        {
            int length = 1 + random.Next(24);
            T[] stream = SearchCases.Steps<T>(random, length + random.Next(500), 2 + random.Next(4));
            T[] query = trial % 3 == 0 ? SearchCases.Steps<T>(random, length, 3) : stream.AsSpan(random.Next(stream.Length - length + 1), length).ToArray();
            DtwSearchOptions options = Options with
            {
                Window = s_windows[trial % s_windows.Length],
                ZNormalize = trial % 2 == 0,
                Count = 1 + random.Next(6),
                Exclusion = random.Next(length + 3),
                Root = trial % 5 == 0 ? false : null,
                Cost = trial % 4 == 0 ? PointCost.Absolute : PointCost.SquaredEuclidean,
            };
            IReadOnlyList<DtwSearchMatch<T>> expected = DtwSearch.Find<T>(query, stream, options with { IsExhaustive = true }).Matches;
            DtwSearchResult<T> found = DtwSearch.Find<T>(query, stream, options);
            Assert.That(found.Matches, Is.EqualTo(expected), $"trial {trial}: {options.Count} matches of {length}, {options.Window}, exclusion {options.Exclusion}");
            DtwSearchLedger ledger = found.Ledger;
            Assert.That(ledger.Kim + ledger.KeoghOfWindow + ledger.KeoghOfQuery + ledger.Improved + ledger.Webb + ledger.Abandoned + ledger.Completed, Is.EqualTo(ledger.Windows), $"trial {trial}");
            if (options.ZNormalize) continue;

            // Whole numbers: no sum is rounded, so the definition agrees in every tie.
            double[] all = SearchCases.Distances(query, stream, options with { Root = false });
            Assert.That(found.Matches.Select(match => match.Position), Is.EqualTo(SearchCases.Matches(all, options.Count, Math.Max(1, options.Exclusion!.Value))), $"trial {trial}");
        }
    }

    [Test]
    public void Long_streams_have_the_matches_of_all_windows_on_any_number_of_threads()
    {
        Random random = new(3);
        T[] query = SearchCases.Walk<T>(random, 48), stream = SearchCases.Walk<T>(random, 60_000, offset: 1000);
        using HostEngine many = new(4, ((HostEngine)engine.Shared).Width);
        using ComputeDevice device = ComputeDevice.Over(many);
        DtwSearchOptions options = new() { Device = device, Count = 5, Window = WarpingWindow.Fraction(0.05) };
        IReadOnlyList<DtwSearchMatch<T>> expected = DtwSearch.Find<T>(query, stream, options with { IsExhaustive = true }).Matches;
        foreach (int threads in (int[])[1, 2, 4])
        {
            DtwSearchResult<T> found = DtwSearch.Find<T>(query, stream, options with { Threads = threads });
            Assert.That(found.Matches, Is.EqualTo(expected), $"{threads} threads");
            Assert.That(found.Ledger.Pruned, Is.GreaterThan(0.9));
        }
    }

    [Test]
    public void A_window_that_is_the_query_scaled_and_shifted_is_found_far_from_0()
    {
        Random random = new(4);
        T[] query = SearchCases.Walk<T>(random, 64), stream = SearchCases.Walk<T>(random, 20_000, offset: 1e5);

        // Steps of 1/8 near 100 000 are exact in float32.
        for (int i = 0; i < query.Length; i++) query[i] = T.Round(query[i] * T.CreateChecked(8)) / T.CreateChecked(8);
        for (int i = 0; i < query.Length; i++) stream[15_000 + i] = T.CreateChecked(100_000) + query[i];
        DtwSearchMatch<T> match = DtwSearch.Find<T>(query, stream, Options with { Window = WarpingWindow.Radius(3) }).Matches[0];
        Assert.That(match.Position, Is.EqualTo(15_000));
        Assert.That(double.CreateChecked(match.Distance), Is.Zero.Within(64 * Tolerances.Epsilon<T>()));
    }

    [Test]
    public void Many_queries_and_strided_tensors_give_what_each_alone_gives()
    {
        Random random = new(5);
        T[] a = SearchCases.Walk<T>(random, 20), b = SearchCases.Walk<T>(random, 33), stream = SearchCases.Walk<T>(random, 900);
        T[] interleaved = new T[1800];
        for (int i = 0; i < stream.Length; i++) interleaved[2 * i] = stream[i];
        Tensor<T> strided = Tensor.Create(interleaved, 0, [900], [2]);
        DtwSearchOptions options = Options with { Count = 3 };
        DtwSearchResult<T>[] both = DtwSearch.Find([Tensor.Create(a, [20]), Tensor.Create(b, [33, 1])], strided, options);
        Assert.That(both[0].Matches, Is.EqualTo(DtwSearch.Find<T>(a, stream, options).Matches));
        Assert.That(both[1].Matches, Is.EqualTo(DtwSearch.Find<T>(b, stream, options).Matches));
    }

    [Test]
    public void What_cannot_be_searched_is_refused_in_words()
    {
        T[] stream = SearchCases.Walk<T>(new(6), 50);
        T[] broken = [.. stream];
        broken[17] = T.NaN;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => DtwSearch.Find<T>([], stream, Options), Throws.ArgumentException.With.Message.Contains("query is empty"));
            Assert.That(() => DtwSearch.Find<T>(stream, stream.AsSpan(0, 49), Options), Throws.ArgumentException.With.Message.Contains("49 samples"));
            Assert.That(() => DtwSearch.Find<T>(stream.AsSpan(0, 9), broken, Options), Throws.ArgumentException.With.Message.Contains("17"));
            Assert.That(() => DtwSearch.Find<T>(stream.AsSpan(0, 9), stream, Options with { Count = 0 }), Throws.ArgumentException.With.Message.Contains("Count is 0"));
            Assert.That(() => DtwSearch.Find<T>(stream.AsSpan(0, 9), stream, Options with { Exclusion = -1 }), Throws.ArgumentException.With.Message.Contains("Exclusion"));
            Assert.That(() => DtwSearch.Find<T>(stream.AsSpan(0, 9), stream, Options with { Cost = PointCost.Cosine }), Throws.ArgumentException.With.Message.Contains("Cosine"));
            Assert.That(
                () => DtwSearch.Find<T>(stream.AsSpan(0, 3), stream, Options with { Window = WarpingWindow.Custom(new bool[,] { { true, true, true }, { true, false, true }, { true, true, true } }) }),
                Throws.ArgumentException.With.Message.Contains("band"));
            Assert.That(
                () => DtwSearch.Find(Tensor.Create<T>([T.One, T.One], [1, 2]), Tensor.Create(stream, [50]), Options), Throws.ArgumentException.With.Message.Contains("'query' has 2 channels, 'stream' has 1"));
            Assert.That(() => DtwSearch.Find<T>(stream.AsSpan(0, 9), stream, Options with { Cancellation = new(canceled: true) }), Throws.InstanceOf<OperationCanceledException>());
        }
    }
}
