using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Devices that fail at any allocation, copy or launch of a public decomposition: the right exception, nothing kept, the next call works.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class DecompositionFaultTests(TestEngine engine)
{
    private static readonly string[] s_factors = ["Cholesky", "Cholesky batched", "Triangular", "QR", "Range", "Range to tolerance", "Pivoted", "Pivoted batched", "Non-negative", "Non-negative batched"];

    /// <summary>Slow: an engine of their own compiles Jacobi's kernels, on OpenCL for half a minute.</summary>
    private static readonly string[] s_spectra = ["Eigen", "Eigen batched", "SVD", "Generalized"];

    [Test]
    public void Want_of_memory_is_told_and_survived([ValueSource(nameof(s_factors))] string name, [Values("Allocation", "Copy", "Launch")] string point) => TellsAndSurvives(name, point);

    [Test]
    [Category("Slow")]
    public void Want_of_memory_is_told_and_survived_by_spectra([ValueSource(nameof(s_spectra))] string name, [Values("Allocation", "Copy", "Launch")] string point) => TellsAndSurvives(name, point);

    [Test]
    public void Parts_that_are_done_again_have_the_same_factors([Values("QR", "Pivoted", "Non-negative")] string name, [Values("Allocation", "Copy")] string point)
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        ExecutionOptions options = new() { Device = ComputeDevice.Over(own) };
        double[] expected = OfParts(name, options);
        int survived = 0;
        for (int k = 1; ; k++)
        {
            own.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.OutOfMemory);
            double[] actual = OfParts(name, options);
            if (!own.Faults.HasFired) break;
            survived++;
            Assert.That(actual, Is.EqualTo(expected), $"event {k}");
            Assert.That(own.LiveBuffers, Is.Zero);
        }

        Assert.That(survived, Is.GreaterThan(1));
    }

    [Test]
    public void A_lost_device_is_told([ValueSource(nameof(s_factors))] string name, [Values("Allocation", "Copy", "Launch")] string point) => TellsOfLoss(name, point);

    [Test]
    [Category("Slow")]
    public void A_lost_device_is_told_by_spectra([ValueSource(nameof(s_spectra))] string name, [Values("Allocation", "Copy", "Launch")] string point) => TellsOfLoss(name, point);

    private void TellsAndSurvives(string name, string point)
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        ComputeDevice device = ComputeDevice.Over(own);
        int survived = 0;
        foreach (int k in Events)
        {
            own.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.OutOfMemory);
            try
            {
                Call(name, device);

                // Fewer events than that, or a call that went on with smaller parts.
                if (!own.Faults.HasFired) break;
                survived++;
            }
            catch (DeviceOutOfMemoryException told)
            {
                Assert.That(told.Device, Is.EqualTo(own.Name));
            }

            Assert.That(own.LiveBuffers, Is.Zero, $"event {k}");
            Assert.That(own.IsLost, Is.False);
        }

        own.Faults = null;
        Assert.That(() => Call(name, device), Throws.Nothing, "the next call works");
        Assert.That(own.LiveBuffers, Is.Zero);
        bool isInParts = name is "Pivoted batched" or "Non-negative batched" && point == "Copy";
        if (point != "Allocation" && !isInParts) Assert.That(survived, Is.Zero, "only want of room is met by smaller parts");
    }

    private void TellsOfLoss(string name, string point)
    {
        foreach (int k in (int[])[1, 2, 5])
        {
            AcceleratorEngine own = (AcceleratorEngine)engine.Open();
            ComputeDevice device = ComputeDevice.Over(own);
            own.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.DeviceLost);
            try
            {
                Call(name, device);
                Assert.That(own.Faults.HasFired, Is.False, $"event {k} was lost and nobody told");
            }
            catch (DeviceLostException told)
            {
                Assert.That(told.Message, Does.Contain(own.Name).And.Contain("open it again"));
                Assert.That(own.IsLost);
                Assert.That(() => Call(name, device), Throws.TypeOf<DeviceLostException>(), "ever after");
            }

            Assert.That(own.LiveBuffers, Is.Zero, $"event {k}");
            Assert.That(own.Dispose, Throws.Nothing);
        }
    }

    /// <summary>Every event of the first dozen, then one of ten.</summary>
    private static IEnumerable<int> Events => [.. Enumerable.Range(1, 12), .. Enumerable.Range(2, 500).Select(k => 10 * k)];

    /// <summary>A batch that is done in smaller parts where there is no room.</summary>
    private static double[] OfParts(string name, ExecutionOptions options)
    {
        Tensor<float> matrices = FactorMatrices.Random<float>(5 * 7, 4, 6).Reshape([5, 7, 4]);
        if (name == "Pivoted") return [.. PivotedCholesky.FactorBatched(Batch(), null, options).SelectMany(factor => GramAssert.Elements(factor.Lower))];
        if (name == "Non-negative") return [.. GramAssert.Elements(NonNegativeLeastSquares.SolveBatched(matrices, matrices, options).Solution)];
        QrBatchResult<float> factors = Qr.FactorBatched(matrices, options);
        return [.. GramAssert.Elements(factors.Q), .. GramAssert.Elements(factors.R)];
    }

    private static object Call(string name, ComputeDevice device)
    {
        Tensor<float> definite = FactorMatrices.PositiveDefinite<float>(35, 1), tall = FactorMatrices.Random<float>(17, 5, 2), small = FactorMatrices.PositiveDefinite<float>(5, 3);
        SvdOptions options = new() { Device = device };
        RangeFinderOptions range = new() { Device = device, Oversampling = 1, Powers = 1 };
        return name switch
        {
            "Cholesky" => Cholesky.Factor(definite, options),
            "Cholesky batched" => Cholesky.FactorBatched(Batch(), options),
            "Triangular" => TriangularSolver.Solve(definite, FactorMatrices.Random<float>(35, 3, 4), new() { Device = device }),
            "QR" => Qr.Factor(tall, options),
            "Eigen" => SymmetricEigen.Compute(small, options),
            "Eigen batched" => SymmetricEigen.ComputeBatched(Batch(), options),
            "SVD" => Svd.Compute(tall, options),
            "Generalized" => GeneralizedEigen.Compute(FactorMatrices.PositiveDefinite<float>(5, 4), small, options),
            "Pivoted" => PivotedCholesky.Factor(definite, null, options),
            "Pivoted batched" => PivotedCholesky.FactorBatched(Batch(), null, options),
            "Non-negative" => NonNegativeLeastSquares.Solve(tall, FactorMatrices.Random<float>(17, 3, 4), options),
            "Non-negative batched" => NonNegativeLeastSquares.SolveBatched(Batch(), Batch(), options),
            "Range" => RangeFinder.Find(tall, 2, options: range),
            _ => RangeFinder.Find(tall, 4, 0.01, range),
        };
    }

    private static Tensor<float> Batch() => Tensor.Create([.. Enumerable.Range(0, 4).SelectMany(item => FactorMatrices.PositiveDefinite<float>(5, item).ToArray())], [4, 5, 5]);
}
