using System.Numerics;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;
using Warp = FusionKernels.Kernels.Warping.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>A series found in a longer one.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
internal sealed class SubsequenceTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly WarpingProblem[] s_problems =
    [
        new(),
        new() { Recurrence = WarpingRecurrence.Symmetric2 },
        new() { Recurrence = WarpingRecurrence.Amerced, A = 0.5 },
        new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.Asymmetric },
        new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.ByName("symmetricP1") },
    ];

    [Test]
    public void Planted_copies_are_found([ValueSource(nameof(s_problems))] WarpingProblem problem, [Values(700, 50_000)] int length)
    {
        double[][] query = PairSeries.Walk(40, 1, 5), stream = PairSeries.Walk(length, 1, 6);
        int[] places = [33, 200, length - 40];
        foreach (int place in places) query.CopyTo(stream, place);
        WarpingMatch<T>[] matches = Find(problem, query, stream, 3);
        Assert.That(matches.Select(match => match.Alignment.EndValue), Is.All.EqualTo(T.Zero));
        Assert.That(matches.Select(match => match.End), Is.EqualTo(places.Select(place => place + 39)).Or.All.Matches<int>(end => places.Any(place => end >= place && end <= place + 39)));
    }

    [Test]
    public void Matches_are_the_best_that_do_not_overlap([ValueSource(nameof(s_problems))] WarpingProblem problem)
    {
        double[][] query = PairSeries.Walk(24, 1, 7), stream = PairSeries.Walk(900, 1, 8);
        StepPattern pattern = problem.Pattern ?? (problem.Recurrence == WarpingRecurrence.Symmetric2 ? StepPattern.Symmetric2 : StepPattern.Symmetric1);
        WarpingMatch<T>[] matches = Find(problem, query, stream, 6);
        Assert.That(matches, Is.Not.Empty);
        bool[] isTaken = new bool[stream.Length];
        foreach (WarpingMatch<T> match in matches)
        {
            WarpingAlignment<T> path = match.Alignment;
            Assert.That((match.Begin, match.End, path.X[0], path.X[^1]), Is.EqualTo((path.Y[0], path.Y[^1], 0, query.Length - 1)));
            for (int j = match.Begin; j <= match.End; j++)
            {
                Assert.That(isTaken[j], Is.False, $"sample {j}");
                isTaken[j] = true;
            }

            // The same series cut out are as far from the query as the match says.
            double cut = double.CreateChecked(Warp.Distance(
                engine.Shared, problem, PairSeries.Pack<T>(query), 0, PairSeries.Pack<T>(stream[match.Begin..(match.End + 1)]), 0, PairSeries.Settings));
            Assert.That(double.CreateChecked(path.Distance), Is.EqualTo(cut).Within(1e-4).Percent);
        }

        Assert.That(matches.Select(match => double.CreateChecked(match.Alignment.EndValue)), Is.Ordered);
        if (problem.Recurrence == WarpingRecurrence.Amerced) return;
        double[,] table = WarpingReference.Accumulate(WarpingReference.PointCosts(problem.Cost, query, stream), pattern, WarpingWindow.None, WarpingEnds.Subsequence);
        double best = Enumerable.Range(0, stream.Length).Min(j => table[query.Length - 1, j]);
        Assert.That(double.CreateChecked(matches[0].Alignment.EndValue), Is.EqualTo(best).Within(1e-4).Percent);
    }

    [Test]
    public void The_example_of_librosa_is_found()
    {
        WarpingMatch<T>[] matches = Find(new() { Cost = PointCost.Euclidean }, [[1], [2], [3], [4], [5]], [[1], [1], [1], [2], [4], [5], [6], [5], [5]], 1);
        Assert.That(string.Join(' ', matches[0].Alignment.X), Is.EqualTo("0 1 2 3 4"));
        Assert.That(string.Join(' ', matches[0].Alignment.Y), Is.EqualTo("2 3 3 4 5"));
    }

    [Test]
    public void Fewer_places_than_wanted_are_all_there_are()
    {
        WarpingMatch<T>[] matches = Find(new(), PairSeries.Walk(30, 1, 1), PairSeries.Walk(10, 1, 2), 50);
        Assert.That(matches, Has.Length.InRange(1, 10));
    }

    [Test]
    public void Windows_and_measures_of_whole_series_are_refused()
    {
        double[][] x = PairSeries.Walk(5, 1, 1), y = PairSeries.Walk(9, 1, 2);
        Assert.That(() => Find(new() { Window = WarpingWindow.Radius(3) }, x, y, 1), Throws.ArgumentException.With.Message.Contains("leave the window out"));
        Assert.That(() => Find(new() { Recurrence = WarpingRecurrence.Edit }, x, y, 1), Throws.ArgumentException.With.Message.Contains("compares whole series"));
        Assert.That(() => Find(new(), x, y, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private WarpingMatch<T>[] Find(WarpingProblem problem, double[][] query, double[][] stream, int count) =>
        Warp.Subsequences(engine.Shared, problem, PairSeries.Pack<T>(query), 0, PairSeries.Pack<T>(stream), 0, count, PairSeries.Settings);
}
