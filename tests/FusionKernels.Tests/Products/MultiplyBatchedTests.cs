using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using static FusionKernels.Tests.Products.ProductAssert;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>Many products in one call, with operands of their own or shared.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
[Parallelizable]
public sealed class MultiplyBatchedTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [TestCase(0, 3, 4, 5)]
    [TestCase(1, 3, 4, 5)]
    [TestCase(7, 13, 9, 21)]
    [TestCase(50, 8, 8, 8)]
    [TestCase(3, 1, 17, 40)]
    [TestCase(3, 17, 1, 40)]
    [TestCase(5, 3, 4, 0)]
    public void Every_item_is_its_own_product(int count, int rows, int columns, int depth)
    {
        Multiplies(count, rows, columns, depth, shareA: false, shareB: false, gap: 0, 1, 0);
        Multiplies(count, rows, columns, depth, shareA: false, shareB: true, gap: 0, 1, 0);
        Multiplies(count, rows, columns, depth, shareA: true, shareB: false, gap: 3, -2, 0.5);
        Multiplies(count, rows, columns, depth, shareA: true, shareB: true, gap: 3, 1, 1);
    }

    [Test]
    public void Items_too_big_for_one_thread_are_shared_by_all()
    {
        if (engine.Kind != DeviceKind.IlgpuCpu) Multiplies(2, 260, 260, 260, shareA: false, shareB: false, gap: 1, 1, 0);
    }

    [Test]
    public void Results_in_one_place_are_refused() =>
        Assert.That(
            () =>
            {
                T[] elements = new T[4];
                MatrixRef<T> matrix = MatrixRef<T>.Of(elements, 2, 2);
                Family.MultiplyBatched(engine.Shared, matrix, matrix, matrix, 3, new(0, 0, 0), T.One, T.Zero, new("MultiplyBatched"));
            },
            Throws.ArgumentException.With.Message.Contains("a result of its own"));

    private void Multiplies(int count, int rows, int columns, int depth, bool shareA, bool shareB, int gap, double alpha, double beta)
    {
        string what = $"{engine.Name}, {count} of {rows} x {columns} x {depth}, {(shareA ? "one a" : "")} {(shareB ? "one b" : "")}";
        int itemsA = shareA ? 1 : Math.Max(1, count), itemsB = shareB ? 1 : Math.Max(1, count);
        double[][,] a = [.. Enumerable.Range(0, itemsA).Select(n => Random<T>(rows, depth, n))];
        double[][,] b = [.. Enumerable.Range(0, itemsB).Select(n => Random<T>(depth, columns, 100 + n))];
        double[][,] c = [.. Enumerable.Range(0, Math.Max(1, count)).Select(n => Random<T>(rows, columns, 200 + n))];
        T[] elementsA = Flatten(a, gap), elementsB = Flatten(b, gap), result = Flatten(c, gap);
        int strideA = (rows * depth) + gap, strideB = (depth * columns) + gap, stride = (rows * columns) + gap;
        Family.MultiplyBatched(
            engine.Shared,
            MatrixRef<T>.Of(elementsA, rows, depth),
            MatrixRef<T>.Of(elementsB, depth, columns),
            MatrixRef<T>.Of(result, rows, columns),
            count,
            new(shareA ? 0 : strideA, shareB ? 0 : strideB, stride),
            T.CreateChecked(alpha),
            T.CreateChecked(beta),
            new("MultiplyBatched"));
        for (int n = 0; n < count; n++)
        {
            double[,] left = a[shareA ? 0 : n], right = b[shareB ? 0 : n], actual = new double[rows, columns];
            for (int at = 0; at < rows * columns; at++) actual[at / columns, at % columns] = double.CreateChecked(result[(n * stride) + at]);
            Near<T>(actual, ProductsReference.Multiply(alpha, left, right, beta, c[n]), ProductsReference.Magnitude(alpha, left, right, beta, c[n]), depth, $"{what}, item {n}");
            for (int at = 0; at < gap; at++) Assert.That(result[(n * stride) + (rows * columns) + at], Is.EqualTo(T.CreateChecked(-77)), what);
        }
    }

    private static T[] Flatten(double[][,] items, int gap)
    {
        List<T> elements = [];
        foreach (double[,] item in items)
        {
            foreach (double value in item) elements.Add(T.CreateChecked(value));
            for (int i = 0; i < gap; i++) elements.Add(T.CreateChecked(-77));
        }

        return [.. elements];
    }
}
