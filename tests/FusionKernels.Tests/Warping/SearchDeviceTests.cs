using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Search and nearest neighbours on devices: the host's answers, which are those of brute force.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
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
        Assert.That(ledger.KeoghOfWindow + ledger.Completed, Is.EqualTo(ledger.Windows));
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
}
