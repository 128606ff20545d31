using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>How device alignments run: memory, blocks, launches, faults, tables of one pair, series that live on the device.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.Engines))]
public sealed class DeviceWarpingRunTests(TestEngine source)
{
    private static readonly WarpingProblem s_problem = new() { Finish = WarpingFinish.Root };

    [TestCase(true)]
    [TestCase(false)]
    public void Want_of_memory_halves_the_block_and_changes_no_bit(bool isSymmetric)
    {
        double[][][] x = DeviceWarpingAssert.Series([5, 3, 8], 1, 1);

        // One engine for all: it outlives want of memory, and keeps its compiled kernels.
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        float[] expected = Compute(engine, x, isSymmetric);
        for (int k = 1; ; k++)
        {
            ExecutionTrace trace = new("Test.Warping");
            engine.Faults = new(FaultPoint.Allocation, k, FaultKind.OutOfMemory);
            try
            {
                Assert.That(Compute(engine, x, isSymmetric, trace), Is.EqualTo(expected), $"allocation {k}");
                if (!engine.Faults.HasFired) break;
                Assert.That(trace.Retries, Is.EqualTo(1));
            }
            catch (DeviceOutOfMemoryException failure)
            {
                // The series, and what the kernels read beside them, must find room at once.
                Assert.That(failure.Device, Is.EqualTo(engine.Name));
                Assert.That(trace.Retries, Is.Zero);
            }

            Assert.That(engine.LiveBuffers, Is.Zero);
        }

        engine.Faults = null;
        Assert.That(Compute(engine, x, isSymmetric), Is.EqualTo(expected), "the next call works");
    }

    [TestCase("Copy", 3)]
    [TestCase("Launch", 1)]
    [TestCase("Compile", 1)]
    public void A_lost_device_is_told_and_leaves_nothing(string point, int k)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.DeviceLost);
        Assert.That(() => Compute(engine, DeviceWarpingAssert.Series([5, 3], 1, 1), true), Throws.TypeOf<DeviceLostException>());
        Assert.That(engine.LiveBuffers, Is.Zero);
    }

    [Test]
    public void A_cancelled_call_leaves_the_engine_in_order()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        StridedMatrix<float> result = new(new double[2, 2]);
        Assert.That(
            () => Kernels.Warping.Warping.Distances<float>(
                source.Shared, s_problem, DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([4, 3], 1, 2)), null, result.Ref, DeviceWarpingAssert.Settings with { Cancellation = cancelled.Token }),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(source.LiveBuffers, Is.Zero);
    }

    [Test]
    public void Series_on_the_device_stay_there_and_so_does_the_result()
    {
        Engine engine = source.Shared;
        float[] values = [.. Enumerable.Range(0, 3 * 8).Select(i => (float)((i * 7) % 5))];
        using DeviceBuffer<float> series = engine.Allocate<float>(values.Length, "Test"), distances = engine.Allocate<float>(4 + (3 * 5), "Test");
        engine.Upload<float>(values, series, 0);
        float[] after = new float[4 + (3 * 5)];
        Array.Fill(after, -1);
        engine.Upload<float>(after, distances, 0);

        // 3 series of 5 samples, rows 8 apart; a 3 x 3 result with rows 5 apart.
        MatrixRef<float> x = new(series, 1, 3, 5, 8), result = new(distances, 4, 3, 3, 5);
        foreach (WarpingProblem problem in (WarpingProblem[])[s_problem, new() { Recurrence = WarpingRecurrence.Gap, Cost = PointCost.Euclidean }])
        {
            Kernels.Warping.Warping.Distances(engine, problem, x, default, result, DeviceWarpingAssert.Settings);
            engine.Download<float>(distances, 0, after);
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    double[][] left = Row(values, i), right = Row(values, j);
                    DeviceWarpingAssert.Agree<float>(problem, after[4 + (5 * i) + j], WarpingReference.Distance(problem, left, right), left, right);
                }
            }

            Assert.That(after[..4].Append(after[7]).Append(after[8]), Is.All.EqualTo(-1));
        }
    }

    [Test]
    public void The_table_of_one_pair_agrees_and_so_does_its_value([Values] bool isPattern)
    {
        WarpingProblem problem = s_problem with
        {
            Recurrence = isPattern ? WarpingRecurrence.Pattern : WarpingRecurrence.Symmetric1,
            Pattern = isPattern ? StepPattern.ByName("symmetricP05") : null,
            Window = WarpingWindow.Radius(4),
        };
        double[][] x = DeviceWarpingAssert.Series([12], 1, 3)[0], y = DeviceWarpingAssert.Series([19], 1, 4)[0];
        double[,] expected = WarpingReference.Table(problem, x, y);
        double[,] costs = WarpingReference.PointCosts(problem.Cost, x, y);
        foreach (bool isGiven in (bool[])[false, true])
        {
            StridedMatrix<double> table = new(new double[12, 19], OperandLayout.PaddedRows);
            double value = Single(source.Shared, problem, x, y, isGiven ? new(costs) : null, table);
            DeviceWarpingAssert.Agree<double>(problem, value, WarpingReference.Distance(problem, x, y), x, y);
            for (int i = 0; i < 12; i++)
            {
                for (int j = 0; j < 19; j++) DeviceWarpingAssert.Agree<double>(problem with { Finish = WarpingFinish.None }, table[i, j], expected[i, j], x, y);
            }

            table.AssertGuardsIntact("table");
            Assert.That(Single(source.Shared, problem, x, y, isGiven ? new(costs) : null, null), Is.EqualTo(value));
        }
    }

    [Test]
    public void Long_pairs_fall_into_launches_and_tell_their_progress()
    {
        // On the simulation a launch of a twentieth of a second holds a few rows of a step pattern.
        double[][][] x = DeviceWarpingAssert.Series([40], 12, 5), y = DeviceWarpingAssert.Series([300], 12, 6);
        WarpingProblem problem = new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.Symmetric1 };
        List<double> reports = [];
        ExecutionTrace trace = new("Test.Warping");
        StridedMatrix<float> result = new(new double[1, 1]);
        Kernels.Warping.Warping.Distances(
            source.Shared, problem, DeviceWarpingAssert.Pack<float>(x), DeviceWarpingAssert.Pack<float>(y), result.Ref,
            DeviceWarpingAssert.Settings with { Trace = trace, Progress = new Recorder(reports.Add) });
        DeviceWarpingAssert.Agree<float>(problem, result[0, 0], WarpingReference.Distance(problem, x[0], y[0]), x[0], y[0]);
        Assert.That(reports, Is.Not.Empty.And.Ordered);
        Assert.That(reports[^1], Is.EqualTo(1).Within(1e-12));
        if (source.Kind == DeviceKind.IlgpuCpu) Assert.That(trace.Tiles, Is.GreaterThan(1));
        Assert.That(trace.Tiling, Does.Contain("columns a thread"));
    }

    private static double[][] Row(float[] values, int row) => [.. values.Skip(1 + (8 * row)).Take(5).Select(value => new double[] { value })];

    private static float[] Compute(Engine engine, double[][][] x, bool isSymmetric, ExecutionTrace? trace = null)
    {
        float[] result = new float[x.Length * x.Length];
        SeriesPack<float> pack = DeviceWarpingAssert.Pack<float>(x);
        Kernels.Warping.Warping.Distances(
            engine, s_problem, pack, isSymmetric ? null : pack, MatrixRef<float>.Of(result, x.Length, x.Length), DeviceWarpingAssert.Settings with { Trace = trace });
        return result;
    }

    private static unsafe double Single(Engine engine, WarpingProblem problem, double[][] x, double[][] y, StridedMatrix<double>? costs, StridedMatrix<double>? table)
    {
        MatrixRef<double> target = table is null ? default : table.Ref, given = costs is null ? default : costs.Ref;
        fixed (double* pt = target, pg = given)
        {
            SingleCall call = new()
            {
                Problem = problem,
                X = DeviceWarpingAssert.Pack<double>([x]),
                Y = DeviceWarpingAssert.Pack<double>([y]),
                Costs = given.At(pg),
                Table = target.At(pt),
            };
            engine.Execute(ref call);
            return call.Value;
        }
    }

    private struct SingleCall : IEngineCall
    {
        public WarpingProblem Problem;
        public SeriesPack<double> X;
        public SeriesPack<double> Y;
        public Operand<double> Costs;
        public Operand<double> Table;
        public double Value;

        public readonly string Operation => "Test";

        public void OnHost(HostEngine engine) => throw new NotSupportedException("a test of accelerators");

        public void OnAccelerator(AcceleratorEngine engine) => Value = Costs.IsAbsent
            ? WarpingAccelerator.Single(engine, Problem, X, Y, Table, DeviceWarpingAssert.Settings)
            : WarpingAccelerator.OfCosts(engine, Problem, Costs, Table, DeviceWarpingAssert.Settings);
    }

    private sealed class Recorder(Action<double> record) : IProgress<double>
    {
        public void Report(double value) => record(value);
    }
}
