using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>Cache blocking of host products: what follows from the size of L2, and where that size comes from.</summary>
[TestFixture]
[Parallelizable]
public sealed class HostBlockingTests
{
    [TestCase(512, 192, 192)]
    [TestCase(1024, 192, 96)]
    [TestCase(1280, 192, 96)]
    [TestCase(2048, 192, 192)]
    public void Rows_of_a_piece_stay_in_L2_where_half_of_them_can(int kibibytes, int shallow, int deep)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (int elementBytes in (int[])[4, 8])
            {
                Assert.That(HostBlocking.PieceRows(4096 / elementBytes, elementBytes, kibibytes << 10), Is.EqualTo(shallow), $"{elementBytes} bytes, shallow");
                Assert.That(HostBlocking.PieceRows((4096 / elementBytes) + 1, elementBytes, kibibytes << 10), Is.EqualTo(deep), $"{elementBytes} bytes, deep");
                Assert.That(HostBlocking.PieceRows(1_000_000, elementBytes, kibibytes << 10), Is.EqualTo(deep), $"{elementBytes} bytes, deepest");
            }
        }
    }

    [TestCase("512K\n", 512L << 10)]
    [TestCase("2048K\n", 2L << 20)]
    [TestCase("2M\n", null)]
    [TestCase("K\n", null)]
    [TestCase("", null)]
    public void The_second_level_is_read_among_the_others(string size, long? bytes)
    {
        using TemporaryFolder folder = new();
        foreach ((string name, string level, string text) in (ReadOnlySpan<(string, string, string)>)[("index0", "1", "32K"), ("index2", "2", size), ("index3", "3", "32768K")])
        {
            Directory.CreateDirectory(folder[name]);
            File.WriteAllText(folder[$"{name}/level"], $"{level}\n");
            File.WriteAllText(folder[$"{name}/size"], text);
        }

        Assert.That(Processor.ReadSecondLevelCache(folder[""]), Is.EqualTo(bytes));
    }

    [Test]
    public void A_system_that_does_not_tell_gives_no_size()
    {
        using TemporaryFolder folder = new();
        Assert.That(Processor.ReadSecondLevelCache(folder["absent"]), Is.Null);
        Directory.CreateDirectory(folder["index2"]);
        Assert.That(Processor.ReadSecondLevelCache(folder[""]), Is.Null, "a cache of no level");
    }
}
