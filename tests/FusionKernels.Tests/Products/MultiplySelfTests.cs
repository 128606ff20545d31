using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using static FusionKernels.Tests.Products.ProductAssert;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>alpha a aᵀ + beta c: half the work, symmetric to the last bit.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
[Parallelizable]
public sealed class MultiplySelfTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Engine Engine => engine.Shared;

    [TestCase(0, 3)]
    [TestCase(3, 0)]
    [TestCase(1, 1)]
    [TestCase(31, 17)]
    [TestCase(32, 8)]
    [TestCase(33, 385)]
    [TestCase(97, 5)]
    [TestCase(205, 40)]
    [TestCase(40, 4099)]
    public void Every_shape_multiplies_and_is_symmetric(int rows, int depth)
    {
        Assume.That(engine.Kind != DeviceKind.IlgpuCpu || (rows <= 33 && depth <= 20), "the simulated device computes small shapes only");
        foreach (OperandLayout a in Enum.GetValues<OperandLayout>())
        {
            Multiplies(rows, depth, a, OperandLayout.PaddedRows, 1, 0);
            Multiplies(rows, depth, a, OperandLayout.PaddedColumns, -0.5, 1.5);
        }
    }

    [Test]
    public void A_result_of_many_pieces_is_symmetric()
    {
        if (engine.Kind != DeviceKind.IlgpuCpu) Multiplies(1213, 30, OperandLayout.RowMajor, OperandLayout.PaddedRows, 1, 1);
    }

    [Test]
    public void Only_the_upper_half_of_the_result_is_read()
    {
        StridedMatrix<T> a = new(Random<T>(40, 9, 1)), result = new(Random<T>(40, 40, 2)), same = new(result.ToArray());
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < i; j++) result[i, j] = T.NaN;
        }

        Family.MultiplySelf(Engine, a.Ref, result.Ref, T.One, T.One, new("MultiplySelf"));
        Family.MultiplySelf(Engine, a.Ref, same.Ref, T.One, T.One, new("MultiplySelf"));
        Assert.That(result.Elements, Is.EqualTo(same.Elements));
    }

    [Test]
    public void A_result_that_is_not_square_is_refused_in_words() =>
        Assert.That(
            () => Family.MultiplySelf(Engine, new StridedMatrix<T>(new double[3, 4]).Ref, new StridedMatrix<T>(new double[4, 4]).Ref, T.One, T.Zero, new("MultiplySelf")),
            Throws.ArgumentException.With.Message.EqualTo("MultiplySelf: a is 3 x 4, result is 4 x 4: result must be 3 x 3."));

    private void Multiplies(int rows, int depth, OperandLayout a, OperandLayout layout, double alpha, double beta)
    {
        string what = $"{engine.Name} {rows} x {depth}, {a} -> {layout}, alpha {alpha}, beta {beta}";
        double[,] left = Random<T>(rows, depth, 1), right = ProductsReference.Transpose(left), before = Random<T>(rows, rows, 2);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < i; j++) before[i, j] = before[j, i];
        }

        StridedMatrix<T> result = new(before, layout);
        Family.MultiplySelf(Engine, new StridedMatrix<T>(left, a).Ref, result.Ref, T.CreateChecked(alpha), T.CreateChecked(beta), new("MultiplySelf"));
        Near<T>(
            result.ToArray(),
            ProductsReference.Multiply(alpha, left, right, beta, before),
            ProductsReference.Magnitude(alpha, left, right, beta, before),
            depth,
            what);
        result.AssertGuardsIntact(what);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < i; j++) if (result[i, j] != result[j, i]) Assert.Fail($"{what}: {i}, {j} is {result[i, j]}, {j}, {i} is {result[j, i]}");
        }
    }
}
