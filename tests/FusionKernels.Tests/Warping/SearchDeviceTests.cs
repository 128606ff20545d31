using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Search and nearest neighbours on devices: the host's answers, which are those of brute force.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.OneWarpOfEach))]
public sealed class SearchDeviceTests(TestEngine engine)
{
    private static readonly double[] s_walk = [.. DeviceWarpingAssert.Series([400], 1, 7)[0].Select(sample => sample[0])];

    [TestCase(true, 1, 1)]
    [TestCase(true, 4, 8)]
    [TestCase(false, 3, 1)]
    public void Matches_are_those_of_the_host_and_of_brute_force(bool normalizes, int count, int exclusion)
    {
        double[] stream = s_walk, query = stream[12..24];
        SearchProblem problem = new() { Count = count, Exclusion = exclusion, ZNormalizes = normalizes, Window = WarpingWindow.Radius(2), Finish = WarpingFinish.Root };
        using ComputeDevice host = ComputeDevice.Open("host");
        SearchMatch[] expected = Kernels.Warping.Warping.Search<double>(host.Engine, problem, query, stream, DeviceWarpingAssert.Settings, out _);
        SearchMatch[] actual = Kernels.Warping.Warping.Search<double>(engine.Shared, problem, query, stream, DeviceWarpingAssert.Settings, out DtwSearchLedger ledger);
        SearchMatch[] exhaustive = Kernels.Warping.Warping.Search<double>(
            engine.Shared, problem with { IsExhaustive = true }, query, stream, DeviceWarpingAssert.Settings, out DtwSearchLedger all);
        Assert.That(actual, Is.EqualTo(exhaustive));
        Assert.That(actual.Select(match => match.Position), Is.EqualTo(expected.Select(match => match.Position)));
        for (int k = 0; k < actual.Length; k++) Assert.That(actual[k].Distance, Is.EqualTo(expected[k].Distance).Within(1e-10));
        Assert.That(all.Completed, Is.EqualTo(stream.Length - 11));
        Assert.That(SumOf(ledger), Is.EqualTo(ledger.Windows).And.EqualTo(stream.Length - 11));
    }

    [Test]
    public void Every_stage_of_the_cascade_removes_windows_and_none_a_match([Values] bool isAbsolute)
    {
        double[] walk = [.. DeviceWarpingAssert.Series([3200], 1, 11)[0].Select(sample => sample[0])];
        float[] stream = [.. walk.Select(value => (float)value)], query = [.. stream[700..718].Select((value, i) => value + (i % 3))];
        SearchProblem problem = new() { Count = 2, ZNormalizes = true, Window = WarpingWindow.Radius(2), Cost = isAbsolute ? PointCost.Absolute : PointCost.SquaredEuclidean };
        SearchMatch[] actual = Kernels.Warping.Warping.Search<float>(engine.Shared, problem, query, stream, DeviceWarpingAssert.Settings, out DtwSearchLedger ledger);
        SearchMatch[] expected = Kernels.Warping.Warping.Search<float>(engine.Shared, problem with { IsExhaustive = true }, query, stream, DeviceWarpingAssert.Settings, out _);
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(SumOf(ledger), Is.EqualTo(ledger.Windows));

        // The first batch of 1024 is aligned without a limit; what comes behind it in the tile meets the rest of the cascade.
        Assert.That(ledger.Completed, Is.LessThan(1100), ledger.ToString());
        Assert.That(ledger.KeoghOfWindow, Is.Positive, ledger.ToString());
    }

    [Test]
    public void Bounds_of_windows_are_those_of_pairs([Values(1, 5, 6, 17)] int length, [Values] bool isAbsolute)
    {
        int count = 37, radius = Math.Min(3, length - 1);
        PointCost cost = isAbsolute ? PointCost.Absolute : PointCost.SquaredEuclidean;
        double[] stream = s_walk[..(count + length - 1)], query = s_walk[200..(200 + length)];
        int[] chosen = [.. Enumerable.Range(0, count).Where(window => window % 3 != 1).Reverse()];
        WindowBounds call = new(stream, SearchQuery<double>.Prepare<Lanes1<double>>(query, WarpingWindow.Radius(radius), normalizes: false), chosen, cost);
        engine.Shared.Execute(ref call);
        (double[] first, double[] tighter) = (call.First, call.Tighter);
        DtwOptions options = new() { Window = WarpingWindow.Radius(radius), Cost = cost, Root = false };
        for (int k = 0; k < chosen.Length; k++)
        {
            double[] window = stream[chosen[k]..(chosen[k] + length)];
            Assert.That(first[chosen[k]], Is.EqualTo(LowerBounds.Kim<double>(window, query, options)).Within(1e-12), $"Kim of window {chosen[k]}");
            Assert.That(first[count + chosen[k]], Is.EqualTo(LowerBounds.Keogh<double>(window, query, options)).Within(1e-12), $"Keogh of window {chosen[k]}");
            Assert.That(tighter[k], Is.EqualTo(LowerBounds.Keogh<double>(query, window, options)).Within(1e-12), $"Keogh of query, window {chosen[k]}");
            Assert.That(tighter[chosen.Length + k], Is.EqualTo(LowerBounds.Improved<double>(window, query, options)).Within(1e-12), $"Improved of window {chosen[k]}");
            Assert.That(tighter[(2 * chosen.Length) + k], Is.EqualTo(LowerBounds.Webb<double>(window, query, options)).Within(1e-12), $"Webb of window {chosen[k]}");
        }
    }

    [Test]
    public void Matches_are_those_of_the_definition()
    {
        Find<float>();
        Find<double>();

        void Find<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Random random = new(1);
            foreach (int length in (int[])[1, 6, 17])
            {
                foreach (WarpingWindow window in (WarpingWindow[])[WarpingWindow.Radius(0), WarpingWindow.Fraction(0.1), WarpingWindow.None])
                {
                    T[] query = SearchCases.Walk<T>(random, length), stream = SearchCases.Walk<T>(random, length + 150, offset: 50);
                    DtwSearchOptions options = new() { Device = engine.Device, Window = window, Count = 4, Exclusion = 1 + (length / 3), Cost = length == 17 ? PointCost.Absolute : PointCost.SquaredEuclidean };
                    MissingCases.RequireMatches(DtwSearch.Find<T>(query, stream, options), SearchCases.Distances(query, stream, options), options, 64 * length * Tolerances.Epsilon<T>());
                }
            }
        }
    }

    [Test]
    public void A_tile_without_room_is_halved_and_finds_the_same()
    {
        float[] stream = [.. s_walk.Select(value => (float)value)], query = stream[12..24];
        SearchProblem problem = new() { Count = 3, ZNormalizes = true, Cost = PointCost.Absolute };
        using AcceleratorEngine accelerator = (AcceleratorEngine)engine.Open();
        SearchMatch[] expected = Find(null);
        for (int k = 1; k <= 9; k++)
        {
            accelerator.Faults = new(FaultPoint.Allocation, k, FaultKind.OutOfMemory);
            ExecutionTrace trace = new("Test");
            try
            {
                Assert.That(Find(trace), Is.EqualTo(expected), $"allocation {k}");
                Assert.That(trace.Retries, Is.EqualTo(1));
            }
            catch (DeviceOutOfMemoryException)
            {
                // The query and its envelope must find room at once.
                Assert.That(k, Is.LessThanOrEqualTo(2));
            }

            Assert.That(accelerator.LiveBuffers, Is.Zero);
        }

        SearchMatch[] Find(ExecutionTrace? trace) =>
            Kernels.Warping.Warping.Search<float>(accelerator, problem, query, stream, DeviceWarpingAssert.Settings with { Trace = trace }, out _);
    }

    [Test]
    public void Classes_and_neighbours_are_those_of_the_host()
    {
        List<Tensor<float>> training = [.. Enumerable.Range(0, 6).Select(i => SoftCases.Tensor<float>(SoftCases.Walk<float>(9, 1, i)))], queries = [.. Enumerable.Range(0, 4).Select(i => SoftCases.Tensor<float>(SoftCases.Walk<float>(9, 1, 20 + i)))];
        DtwOptions options = new() { Window = WarpingWindow.Radius(1) };
        DtwNeighbours<float> expected = Dtw.Neighbours(queries, training, 2, options), actual = Dtw.Neighbours(queries, training, 2, options with { Device = engine.Device });
        for (int i = 0; i < 4; i++)
        {
            for (int k = 0; k < 2; k++) Assert.That(actual.Indices[i, k], Is.EqualTo(expected.Indices[i, k]));
        }
    }

    [Test]
    public void Bounds_of_single_pairs_stay_on_the_host_and_say_so()
    {
        float[] series = [0, 1, 0, 2, 0, 3];
        Assert.That(
            () => LowerBounds.Keogh<float>(series, series, new() { Device = engine.Device }),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("leave the device unset"));
    }

    private static long SumOf(DtwSearchLedger ledger) =>
        ledger.Kim + ledger.KeoghOfWindow + ledger.KeoghOfQuery + ledger.Improved + ledger.Webb + ledger.Abandoned + ledger.Completed;

    /// <summary>Both kernels of bounds, over all windows of a stream and over some of them, without a limit.</summary>
    private struct WindowBounds(double[] stream, SearchQuery<double> query, int[] chosen, PointCost cost) : IEngineCall
    {
        public readonly string Operation => nameof(WindowBounds);

        /// <summary>The bounds of Kim, then those of Keogh, of all windows.</summary>
        public double[] First { get; private set; } = [];

        /// <summary>The tighter ones, of those that are chosen.</summary>
        public double[] Tighter { get; private set; } = [];

        public readonly void OnHost(HostEngine engine) => Assert.Fail("kernels of devices");

        public void OnAccelerator(AcceleratorEngine engine)
        {
            int length = query.Length, count = stream.Length - length + 1;
            (First, Tighter) = (new double[2 * count], new double[SearchBoundKernel.Stages * chosen.Length]);
            using AcceleratorBuffer<double> samples = Upload<double>(engine, stream);
            using AcceleratorBuffer<double> all = Upload<double>(engine, [.. query.Values, .. query.Lower, .. query.Upper, .. query.LowerOfUpper, .. query.UpperOfLower]);
            using AcceleratorBuffer<int> places = Upload<int>(engine, chosen);
            using AcceleratorBuffer<double> windows = engine.Rent<double>(count * length, Operation);
            using AcceleratorBuffer<double> bounds = engine.Rent<double>(First.Length, Operation);
            using AcceleratorBuffer<double> work = engine.Rent<double>(SearchBoundKernel.Columns * chosen.Length * length, Operation);
            using AcceleratorBuffer<double> results = engine.Rent<double>(Tighter.Length, Operation);
            SearchKernels<double> kernels = SearchKernels<double>.Of(cost);
            kernels.Windows(engine, new(10, 4), samples.View, samples.View, all.View, windows.View, bounds.View, count, length, normalizes: false, null);
            SearchArguments<double> search = new()
            {
                Query = all.View,
                Ranges = places.View, // unread
                Windows = windows.View,
                Keogh = bounds.View.SubView(count, count),
                Chosen = places.View,
                Work = work.View,
                Result = results.View,
                Stride = count,
                Count = chosen.Length,
                Length = length,
                Radius = query.Radius,
                Limit = double.PositiveInfinity,
            };
            kernels.Bounds(engine, new(7, 4), search, null);
            engine.Synchronize(null);
            engine.Download<double>(bounds, 0, First);
            engine.Download<double>(results, 0, Tighter);
        }

        private readonly AcceleratorBuffer<TAny> Upload<TAny>(AcceleratorEngine engine, ReadOnlySpan<TAny> values)
            where TAny : unmanaged
        {
            AcceleratorBuffer<TAny> buffer = engine.Rent<TAny>(values.Length, Operation);
            engine.Upload(values, buffer, 0);
            return buffer;
        }
    }
}
