using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

[TestFixture]
public sealed class BufferPoolTests
{
    [Test]
    public void A_size_class_holds_the_request_and_wastes_little()
    {
        for (long bytes = 1; bytes < 1L << 40; bytes += (bytes / 7) + 1)
        {
            long capacity = BufferPool.Capacity(bytes);
            Assert.That(capacity, Is.GreaterThanOrEqualTo(bytes));
            Assert.That(BufferPool.Capacity(capacity), Is.EqualTo(capacity), "a class is its own class");
            if (bytes > 1L << 20) Assert.That(capacity, Is.LessThanOrEqualTo(bytes * 1.13));
            if (bytes > 1L << 32) Assert.That(capacity - bytes, Is.LessThanOrEqualTo(32L << 20));
        }
    }
}
