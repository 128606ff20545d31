using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>Names, detection and dispatch of the widths.</summary>
internal sealed class SimdWidthsTests
{
    [Test]
    public void The_widest_comes_first_and_scalar_is_always_there()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SimdWidths.All, Is.Ordered.Descending.And.Unique);
            Assert.That(SimdWidths.All, Does.Contain(SimdWidth.Scalar));
            Assert.That(SimdWidths.Detect(), Is.EqualTo(SimdWidths.All[0]));
        }
    }

    [Test]
    public void Names_are_read_back([Values] SimdWidth width)
    {
        string name = SimdWidths.NameOf(width);
        if (SimdWidths.IsSupported(width))
        {
            Assert.That(SimdWidths.Parse($" {name.ToUpperInvariant()} "), Is.EqualTo(width));
        }
        else
        {
            Assert.That(
                () => SimdWidths.Parse(name),
                Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains($"'{name}'").And.Message.Contains("scalar"));
        }
    }

    [Test]
    public void An_unknown_name_is_refused_with_the_known_ones() =>
        Assert.That(
            () => SimdWidths.Parse("1024"),
            Throws.ArgumentException
                .With.Message.Contains("'1024'").And.Message.Contains("scalar").And.Message.Contains("FUSIONKERNELS_SIMD"));

    [Test]
    public void Jobs_run_with_lanes_of_the_width([Values] SimdWidth width)
    {
        CountLanes job = default;
        if (!SimdWidths.IsSupported(width))
        {
            Assert.That(() => VectorDispatch.Run<float, CountLanes>(width, ref job), Throws.TypeOf<PlatformNotSupportedException>());
            return;
        }

        VectorDispatch.Run<float, CountLanes>(width, ref job);
        int expected = width switch { SimdWidth.Bits512 => 16, SimdWidth.Bits256 => 8, SimdWidth.Bits128 => 4, _ => 1 };
        Assert.That(job.Lanes, Is.EqualTo(expected));
    }

    private struct CountLanes : IVectorJob<float>
    {
        public int Lanes;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, float> => Lanes = V.Count;
    }
}
