using FusionKernels.Kernels.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>Which kernel a device gets, and how its tiles cover a result.</summary>
[TestFixture]
internal sealed class TiledDevicePlanTests
{
    private static readonly DeviceLimits s_gpu = new(1024, 48 * 1024, 132, 5e13);

    [TestCase(8192, 8192, 4, ExpectedResult = ProductTile.Edge128)]
    [TestCase(8192, 8192, 8, ExpectedResult = ProductTile.Edge64)]
    [TestCase(1024, 1024, 4, ExpectedResult = ProductTile.Edge64)]
    [TestCase(64, 64, 4, ExpectedResult = ProductTile.Edge16)]
    [TestCase(100_000, 8, 4, ExpectedResult = ProductTile.Edge16)]
    public ProductTile The_biggest_tile_that_occupies_the_device_is_taken(int rows, int columns, int elementBytes) =>
        TiledDevicePlan.Choose(s_gpu, elementBytes, rows, columns, 64, 1, false).Tile;

    [Test]
    public void Little_devices_get_the_kernels_that_fit_them()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TiledDevicePlan.Choose(s_gpu with { MaxGroupSize = 128 }, 4, 4096, 4096, 64, 1, false).Tile, Is.EqualTo(ProductTile.Edge8));
            Assert.That(
                TiledDevicePlan.Choose(s_gpu with { SharedMemoryPerGroup = 16384 }, 8, 4096, 4096, 64, 1, false).Tile, Is.EqualTo(ProductTile.Edge16));
        }
    }

    [Test]
    public void No_launch_is_planned_over_half_a_second_at_a_tenth_of_the_rate()
    {
        TiledDevicePlan plan = TiledDevicePlan.Choose(s_gpu, 4, 200_000, 200_000, 4096, 1, false);
        double seconds = plan.TilesPerLaunch * 2.0 * plan.Edge * plan.Edge * 4096 / (0.1 * s_gpu.FlopsPerSecond);
        Assert.That(seconds, Is.LessThanOrEqualTo(0.5));
    }

    [TestCase(1, 1, false)]
    [TestCase(9, 7, false)]
    [TestCase(23, 3, false)]
    [TestCase(1, 1, true)]
    [TestCase(2, 2, true)]
    [TestCase(7, 7, true)]
    [TestCase(8, 8, true)]
    public void Every_tile_is_visited_once(int tileRows, int tileColumns, bool isSymmetric)
    {
        TiledProductShape shape = new()
        {
            TileRows = tileRows,
            TileColumns = tileColumns,
            IsSymmetric = isSymmetric ? 1 : 0,
            TilesPerMatrix = TilePosition.Count(tileRows, tileColumns, isSymmetric),
        };
        HashSet<(long Matrix, int Row, int Column)> seen = [];
        for (long tile = 0; tile < 2 * shape.TilesPerMatrix; tile++)
        {
            TilePosition place = TilePosition.Of(shape, tile, 1);
            Assert.That(place.Row, Is.InRange(0, tileRows - 1));
            Assert.That(place.Column, Is.InRange(isSymmetric ? place.Row : 0, tileColumns - 1));
            Assert.That(seen.Add((place.Matrix, place.Row, place.Column)), $"tile {tile} comes twice");
        }
    }
}
