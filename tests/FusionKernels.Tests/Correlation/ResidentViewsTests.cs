using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Views that live on a device, on every real one.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class ResidentViewsTests(TestEngine source)
{
    [Test]
    public void Give_the_correlations_of_the_host()
    {
        using ComputeDevice device = ComputeDevice.Open(source.Name);
        (double[,] x, double[,] y) = CorrelationData.Views(9000, 21, 13, 5);
        // The last chunk lies far from the others, and is centred by itself.
        x = CorrelationData.Changed(x, (i, j, value) => value + 100 + (i >= 8192 && j == 1 ? 400 : 0));
        Tensor<float> left = CorrelationData.Tensor<float>(x), right = CorrelationData.Tensor<float>(y);
        using DeviceTensor<float> onLeft = device.Upload(left), onRight = device.Upload(right);
        CanonicalCorrelation expected = CanonicalCorrelation.Fit(left, right, new() { Components = 3 }), model = CanonicalCorrelation.Fit(onLeft, onRight, new() { Components = 3 });
        Assert.That(model.Correlations, Is.EqualTo(expected.Correlations).AsCollection.Within(1e-4));
        Assert.That(model.XWeights[2, 0], Is.EqualTo(expected.XWeights[2, 0]).Within(1e-3));
        CanonicalMoments moments = new(21, 13);
        moments.Accumulate(onLeft, onRight);
        moments.Accumulate(onLeft, onRight);
        Assert.That(moments.Rows, Is.EqualTo(18000));
        Assert.That(moments.Fit().Correlations, Is.EqualTo(expected.Correlations).AsCollection.Within(1e-4));
        using DeviceTensor<float> few = device.Upload(CorrelationData.Tensor<float>(CorrelationData.RowRange(x, 0, 20))), fewY = device.Upload(CorrelationData.Tensor<float>(CorrelationData.RowRange(y, 0, 20)));
        Assert.That(CanonicalCorrelation.Fit(few, fewY).Route, Is.EqualTo(CorrelationRoute.Qr));
    }

    [Test]
    public void Leave_the_device_as_one_triangle_where_conditions_ask_for_QR([Values] bool isDouble, [Values] bool scale)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(700, 6, 5, 9);

        // Two columns that differ by a few parts in 10^5: above what products of float32 bear.
        double small = isDouble ? 1e-9 : 1e-5;
        x = CorrelationData.Changed(x, (i, j, value) => (j == 1 ? x[i, 0] + (small * value) : value) + 3);
        if (isDouble) Agree<double>();
        else Agree<float>();

        void Agree<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using ComputeDevice device = ComputeDevice.Open(source.Name);
            Tensor<T> left = CorrelationData.Tensor<T>(x), right = CorrelationData.Tensor<T>(y);
            using DeviceTensor<T> onLeft = device.Upload(left), onRight = device.Upload(right);
            CanonicalCorrelationOptions options = new() { Scale = scale, Route = CorrelationRoute.Qr };
            CanonicalCorrelation expected = CanonicalCorrelation.Fit(left, right, options), asked = CanonicalCorrelation.Fit(onLeft, onRight, options);
            CanonicalCorrelation measured = CanonicalCorrelation.Fit(onLeft, onRight, options with { Route = CorrelationRoute.Auto });
            foreach (CanonicalCorrelation model in (CanonicalCorrelation[])[asked, measured])
            {
                Assert.That(model.Route, Is.EqualTo(CorrelationRoute.Qr));
                Assert.That(model.RouteReason, Does.Contain("by the device, in float64"));
                Assert.That(model.Correlations, Is.EqualTo(expected.Correlations).AsCollection.Within(1e-7));
                Assert.That(model.XDeviation, Is.EqualTo(expected.XDeviation).AsCollection.Within(1e-5));
                Assert.That(model.YWeights[2, 0], Is.EqualTo(expected.YWeights[2, 0]).Within(1e-4 * Math.Abs(expected.YWeights[2, 0])));
            }
        }
    }

    [Test]
    public void Lose_no_correlation_where_columns_are_the_same_or_do_not_vary([Values] bool isConstant)
    {
        using ComputeDevice device = ComputeDevice.Open(source.Name);
        (double[,] x, double[,] y) = CorrelationData.Views(300, 4, 3, 5);
        x = CorrelationData.Changed(x, (i, j, value) => j != 3 ? value : isConstant ? 7 : x[i, 2]);
        Tensor<float> left = CorrelationData.Tensor<float>(x), right = CorrelationData.Tensor<float>(y);
        using DeviceTensor<float> onLeft = device.Upload(left), onRight = device.Upload(right);
        CanonicalCorrelationOptions options = new() { Route = CorrelationRoute.Qr };
        CanonicalCorrelation model = CanonicalCorrelation.Fit(onLeft, onRight, options), expected = CanonicalCorrelation.Fit(left, right, options);
        if (isConstant) Assert.That(model.RouteReason, Does.Contain("by the host: a column does not vary"));
        Assert.That(model.Correlations, Is.EqualTo(expected.Correlations).AsCollection.Within(1e-7));
    }

    [Test]
    public void Name_what_is_wrong()
    {
        using ComputeDevice device = ComputeDevice.Open(source.Name);
        (double[,] x, double[,] y) = CorrelationData.Views(300, 4, 3, 5);
        using DeviceTensor<float> left = device.Upload(CorrelationData.Tensor<float>(CorrelationData.Changed(x, (i, j, value) => i == 270 && j == 2 ? double.NaN : value)));
        using DeviceTensor<float> right = device.Upload(CorrelationData.Tensor<float>(y)), shorter = device.Upload(CorrelationData.Tensor<float>(CorrelationData.RowRange(y, 0, 299)));
        Assert.That(() => CanonicalCorrelation.Fit(left, right), Throws.ArgumentException.With.Message.Contains("view 'x' has NaN at row 270, column 2"));
        Assert.That(() => CanonicalCorrelation.Fit(left, shorter), Throws.ArgumentException.With.Message.Contains("300 rows"));
        Assert.That(() => new CanonicalMoments(4, 2).Accumulate(left, right), Throws.ArgumentException.With.Message.Contains("2 columns"));
        using DeviceTensor<float> elsewhere = ComputeDevice.Open("host").Upload(CorrelationData.Tensor<float>(y));
        Assert.That(() => CanonicalCorrelation.Fit(left, elsewhere), Throws.TypeOf<DeviceMismatchException>());
    }

    [Test]
    public void Want_of_memory_and_loss_leave_nothing_behind([Values("Allocation", "Copy", "Launch")] string point, [Values] bool isLost)
    {
        for (int k = 1; ; k++)
        {
            using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
            using HostEngine host = new(1, Kernels.Simd.SimdWidths.Detect());
            Moments moments = new([3, 2]);
            using (DeviceBuffer<float> x = Filled(engine, 40 * 3), y = Filled(engine, 40 * 2))
            {
                engine.Faults = new(Enum.Parse<FaultPoint>(point), k, isLost ? FaultKind.DeviceLost : FaultKind.OutOfMemory);
                try
                {
                    Add(engine, host, moments, x, y);
                    Assert.That(engine.Faults.HasFired, Is.False);
                    Assert.That(k, Is.GreaterThan(1), $"no event of {point}");
                    Assert.That(moments.Count, Is.EqualTo(40));
                    return;
                }
                catch (FusionKernelsException failure)
                {
                    Assert.That(failure, isLost ? Is.TypeOf<DeviceLostException>() : Is.TypeOf<DeviceOutOfMemoryException>(), $"{point} {k}");
                    Assert.That(moments.Count, Is.Zero);
                    Assert.That(engine.IsLost, Is.EqualTo(isLost));
                }
            }

            Assert.That(engine.LiveBuffers, Is.Zero, $"{point} {k}");
        }
    }

    private static unsafe void Add(AcceleratorEngine engine, HostEngine host, Moments moments, DeviceBuffer<float> x, DeviceBuffer<float> y) =>
        Kernels.Correlation.Correlations.Accumulate(
            engine, host, [new Operand<float>(null, x, 0, 40, 3, 3, 1), new Operand<float>(null, y, 0, 40, 2, 2, 1)], moments, ["x", "y"], RowNumbers.OfAll, new RunSettings("Test"));

    private static DeviceBuffer<float> Filled(AcceleratorEngine engine, int length)
    {
        DeviceBuffer<float> buffer = engine.Allocate<float>(length, "Test");
        engine.Upload<float>([.. Enumerable.Range(0, length).Select(i => MathF.Sin(i * i))], buffer, 0);
        return buffer;
    }
}
