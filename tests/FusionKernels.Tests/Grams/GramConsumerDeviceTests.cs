using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Products with Gram matrices, nearest rows, sums and diagonals, of rows that live on a device; what they hold there is counted.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
public sealed class GramConsumerDeviceTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private GramOptions Options => new() { Device = engine.Device };

    [Test]
    public void Rows_and_vectors_on_the_device_stay_there([ValueSource(typeof(GramConsumerTests<float>), nameof(GramConsumerTests<float>.Kernels))] Kernel kernel, [Values(1, 12)] int width)
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(70, 5, 1)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(50, 5, 2));
        Tensor<T> v = GramAssert.Tensor<T>(GramAssert.Rows<T>(70, width, 3)), w = GramAssert.Tensor<T>(GramAssert.Rows<T>(50, width, 4));
        using DeviceTensor<T> dx = engine.Device.Upload(x), dy = engine.Device.Upload(y), dv = engine.Device.Upload(v), dw = engine.Device.Upload(w);
        using (DeviceTensor<T> own = Gram.Multiply(dx, kernel, dv), across = Gram.Multiply(dx, dy, kernel, dw))
        {
            Assert.That(own.Device, Is.SameAs(engine.Device));
            GramAssert.SameBits(own.Download(), Gram.Multiply(x, kernel, v, Options), "symmetric");
            GramAssert.SameBits(across.Download(), Gram.Multiply(x, y, kernel, w, Options), "rectangular");
        }

        Same(Gram.Neighbours(dx, kernel, 6), Gram.Neighbours(x, kernel, 6, options: Options));
        Same(Gram.Neighbours(dx, kernel, 6, includeSelf: true), Gram.Neighbours(x, kernel, 6, includeSelf: true, Options));
        Same(Gram.Neighbours(dx, dy, kernel, 50), Gram.Neighbours(x, y, kernel, 50, Options));
        Assert.That(() => Gram.Multiply(dx, dy, kernel, dv), Throws.ArgumentException.With.Message.StartsWith($"v is 70 x {width}, the Gram matrix is 70 x 50"));
        Assert.That(engine.LiveBuffers, Is.EqualTo(4), "nothing is left behind");

        static void Same(GramNeighbours<T> left, GramNeighbours<T> right)
        {
            GramAssert.SameBits(left.Similarities, right.Similarities, "similarities");
            Assert.That(GramAssert.Elements(left.Indices), Is.EqualTo(GramAssert.Elements(right.Indices)));
        }
    }

    [Test]
    public void Sums_and_diagonals_are_those_of_the_same_rows_in_host_memory([ValueSource(typeof(GramConsumerTests<float>), nameof(GramConsumerTests<float>.Kernels))] Kernel kernel)
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(70, 5, 1));
        using DeviceTensor<T> resident = engine.Device.Upload(x), none = engine.Device.Allocate<T>(0, 5);
        Same(Gram.Summarize(resident, kernel), Gram.Summarize(x, kernel, Options));
        Assert.That(GramAssert.Elements(Gram.Diagonal(resident, kernel)), Is.EqualTo(GramAssert.Elements(Gram.Diagonal(x, kernel, Options))), "the same bits");
        Same(Gram.Summarize(none, kernel), Gram.Summarize(GramAssert.Tensor<T>(new double[0, 5]), kernel, Options));
        Assert.That(Gram.Diagonal(none, kernel).FlattenedLength, Is.EqualTo((nint)0));
        Assert.That(engine.LiveBuffers, Is.EqualTo(2), "nothing is left behind");

        static void Same(GramSummary<T> left, GramSummary<T> right)
        {
            GramAssert.SameBits(left.Matrix, right.Matrix, "matrix");
            Assert.That(left.RowMeans, Is.EqualTo(right.RowMeans), "the same bits");
            Assert.That((left.Mean, left.Trace), Is.EqualTo((right.Mean, right.Trace)), "the same bits");
        }
    }

    [Test]
    public void Operands_of_another_device_are_refused()
    {
        using ComputeDevice other = ComputeDevice.Open("host");
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(20, 3, 1));
        using DeviceTensor<T> here = engine.Device.Upload(x), there = other.Upload(x);
        Assert.That(() => Gram.Multiply(here, Kernel.Rbf(), there), Throws.TypeOf<DeviceMismatchException>());
        Assert.That(() => Gram.Neighbours(here, there, Kernel.Rbf(), 2), Throws.TypeOf<DeviceMismatchException>());
        GramOptions elsewhere = new() { Device = other };
        Assert.That(() => Gram.Neighbours(here, Kernel.Rbf(), 2, options: elsewhere), Throws.TypeOf<DeviceMismatchException>());
        Assert.That(() => Gram.Summarize(here, Kernel.Rbf(), elsewhere), Throws.TypeOf<DeviceMismatchException>());
        Assert.That(() => Gram.Diagonal(here, Kernel.Rbf(), elsewhere), Throws.TypeOf<DeviceMismatchException>());
        Assert.That(engine.LiveBuffers, Is.EqualTo(1), "nothing is left behind");
    }
}
