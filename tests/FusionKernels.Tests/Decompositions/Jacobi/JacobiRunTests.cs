using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using Family = FusionKernels.Kernels.Decompositions.Spectra.Spectra;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>How decompositions run on accelerators: cancelled, reported, without room, with faults; and through the family's entry.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class JacobiRunTests(TestEngine engine)
{
    private static readonly DenseMatrix s_symmetric = JacobiMatrices.Symmetric(MatrixKind.Random, 6, 3);
    private static readonly DenseMatrix s_deficient = JacobiMatrices.General(MatrixKind.RankDeficient, 7, 5, 3);

    [Test]
    public void Any_fault_is_told_and_leaves_nothing_behind([Values("Allocation", "Copy", "Launch")] string point)
    {
        FaultPoint place = Enum.Parse<FaultPoint>(point);
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        Action[] runs =
        [
            () => JacobiRun.Eigen<float>(own, [s_symmetric]),
            () => JacobiRun.Eigen<float>(own, [s_symmetric], blockWidth: 2),
            () => JacobiRun.Svd<float>(own, [s_deficient]),
        ];
        foreach (Action run in runs)
        {
            // Every event of the first dozen, then each seventh of those that are left.
            for (int k = 1; ; k += k < 12 ? 1 : engine.Kind == DeviceKind.IlgpuCpu ? 40 : 7)
            {
                own.Faults = new(place, k, FaultKind.OutOfMemory);
                if (!Fails(run)) break;
                Assert.That(own.LiveBuffers, Is.Zero, $"event {k}");
                Assert.That(own.IsLost, Is.False);
            }

            own.Faults = null;
            Assert.That(run, Throws.Nothing, "the next call works");
            Assert.That(own.LiveBuffers, Is.Zero);
        }
    }

    [Test]
    public void A_batch_without_room_is_halved()
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        DenseMatrix[] matrices = [.. Enumerable.Range(0, 6).Select(item => JacobiMatrices.Symmetric(MatrixKind.Random, 5, item))];
        ExecutionTrace trace = new("Eigen");
        own.Faults = new(FaultPoint.Allocation, 2, FaultKind.OutOfMemory);
        var found = JacobiRun.Eigen<double>(own, matrices, settings: new("Eigen", Trace: trace));
        Assert.That(trace.Retries, Is.EqualTo(1));
        for (int item = 0; item < 6; item++) JacobiAssert.IsEigen<double>(matrices[item], found[item].Values, found[item].Vectors!, $"item {item}");
    }

    [Test]
    public void Cancellation_comes_between_launches_and_leaves_nothing_behind([Values(null, 2)] int? width)
    {
        using CancellationTokenSource source = new();
        int live = engine.LiveBuffers;
        source.Cancel();
        Assert.That(
            () => JacobiRun.Eigen<float>(engine.Shared, [s_symmetric], blockWidth: width, settings: new("Eigen", Cancellation: source.Token)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            () => JacobiRun.Svd<float>(engine.Shared, [s_deficient], blockWidth: width, settings: new("Svd", Cancellation: source.Token)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
    }

    [Test]
    public void The_report_names_the_route()
    {
        ExecutionTrace whole = new("Eigen"), blocks = new("Eigen");
        JacobiRun.Eigen<float>(engine.Shared, [s_symmetric], settings: new("Eigen", Trace: whole));
        JacobiRun.Eigen<float>(engine.Shared, [s_symmetric], blockWidth: 2, settings: new("Eigen", Trace: blocks));
        Assert.That(whole.Tiling, Does.StartWith("1 x order 6: Jacobi rotations in shared memory, a group per matrix, for at most the "));
        Assert.That(blocks.Tiling, Is.EqualTo("1 x order 6: two-sided block Jacobi, 4 blocks of 2, applied by batched products, for more than the 4 columns of a group"));
        Assert.That(whole.Flops, Is.Positive);
        Assert.That(whole.KernelSeconds, Is.Positive);
        Assert.That(blocks.PeakBytes, Is.Positive);
    }

    [Test]
    public void The_family_runs_on_accelerators_as_on_the_host()
    {
        double[] values = new double[6], vectors = new double[36];
        Family.SymmetricEigen(
            engine.Shared, new(6, 1, 6, true, sizeof(double)), s_symmetric.Ref, 36, MatrixRef<double>.Of(values, 1, 6), MatrixRef<double>.Of(vectors, 6, 6), 36, new("Eigen"));
        JacobiAssert.IsEigen<double>(s_symmetric, values, new(6, 6, vectors), engine.Name);

        double[] u = new double[49], singular = new double[5], v = new double[25];
        string route = Family.Svd(
            engine.Shared,
            new(7, 5, 5, true, true, sizeof(double)),
            s_deficient.Ref,
            MatrixRef<double>.Of(u, 7, 7),
            MatrixRef<double>.Of(singular, 1, 5),
            MatrixRef<double>.Of(v, 5, 5),
            new("Svd"));
        JacobiAssert.IsSvd<double>(s_deficient, new(7, 7, u), singular, new(5, 5, v), engine.Name);
        Assert.That(route, Does.Contain("Jacobi"));
    }

    [Test]
    public void What_is_wrong_with_a_matrix_of_the_host_is_told_with_its_place()
    {
        DenseMatrix bad = s_symmetric.Copy(), uneven = s_symmetric.Copy();
        (bad[4, 2], uneven[4, 2]) = (double.NaN, 7);
        foreach ((DenseMatrix matrix, string message) in ((DenseMatrix, string)[])[(bad, "[4, 2] is NaN"), (uneven, "not symmetric: [4, 2] is 7")])
        {
            Assert.That(
                () => Family.SymmetricEigen(engine.Shared, new(6, 1, 6, false, sizeof(double)), matrix.Ref, 36, MatrixRef<double>.Of(new double[6], 1, 6), default, 0, new("Eigen")),
                Throws.ArgumentException.With.Message.Contains(message));
        }
    }

    private static bool Fails(Action run)
    {
        try
        {
            run();
            return false;
        }
        catch (DeviceOutOfMemoryException)
        {
            return true;
        }
    }
}
