using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using static FusionKernels.Tests.Products.ProductAssert;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>alpha a v + beta y at every layout and length of tail.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
[Parallelizable]
public sealed class MatrixVectorTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From one length to the next: all of them, but few on a simulated device.</summary>
    private int Step => engine.Kind == DeviceKind.IlgpuCpu ? 19 : 1;

    [Test]
    public void Every_length_of_row_multiplies([Values] OperandLayout layout)
    {
        for (int depth = 0; depth <= 67; depth += Step) Multiplies(5, depth, layout, OperandLayout.RowMajor, 1, 0);
    }

    [Test]
    public void Every_number_of_rows_multiplies([Values] OperandLayout layout)
    {
        for (int rows = 0; rows <= 37; rows += Step) Multiplies(rows, 19, layout, OperandLayout.PaddedRows, -0.5, 2);
    }

    [TestCase(3, 40000)]
    [TestCase(60, 16385)]
    [TestCase(9001, 3)]
    public void Several_chunks_and_blocks_multiply(int rows, int depth)
    {
        Assume.That(engine.Kind, Is.Not.EqualTo(DeviceKind.IlgpuCpu), "the simulated device computes small shapes only");
        foreach (OperandLayout layout in Enum.GetValues<OperandLayout>()) Multiplies(rows, depth, layout, OperandLayout.Scattered, 1, 1);
    }

    [Test]
    public void A_vector_of_another_length_is_refused_in_words() =>
        Assert.That(
            () => Family.MultiplyVector(
                engine.Shared,
                new StridedMatrix<T>(new double[3, 4]).Ref,
                new StridedMatrix<T>(new double[5, 1]).Ref,
                new StridedMatrix<T>(new double[3, 1]).Ref,
                T.One,
                T.Zero,
                new("MultiplyVector")),
            Throws.ArgumentException.With.Message.EqualTo("MultiplyVector: a is 3 x 4, the vector is 5 x 1: it must be 4 x 1."));

    private void Multiplies(int rows, int depth, OperandLayout layout, OperandLayout vectors, double alpha, double beta)
    {
        string what = $"{engine.Name} {rows} x {depth}, {layout}, {vectors}";
        double[,] a = Random<T>(rows, depth, 1), v = Random<T>(depth, 1, 2), before = Random<T>(rows, 1, 3);
        StridedMatrix<T> result = new(before, vectors);
        Family.MultiplyVector(
            engine.Shared,
            new StridedMatrix<T>(a, layout).Ref,
            new StridedMatrix<T>(v, vectors).Ref,
            result.Ref,
            T.CreateChecked(alpha),
            T.CreateChecked(beta),
            new("MultiplyVector"));
        Near<T>(result.ToArray(), ProductsReference.Multiply(alpha, a, v, beta, before), ProductsReference.Magnitude(alpha, a, v, beta, before), depth, what);
        result.AssertGuardsIntact(what);
    }
}
