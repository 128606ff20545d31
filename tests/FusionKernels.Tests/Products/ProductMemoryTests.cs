using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using static FusionKernels.Tests.Products.ProductAssert;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>Accelerators without room for a whole product compute it in parts, or say what was too big.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
[Parallelizable]
public sealed class ProductMemoryTests(TestEngine engine)
{
    [Test]
    public void A_product_without_room_is_halved_until_it_fits()
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        own.MemoryLimit = 1 << 18;
        ExecutionTrace trace = new("Multiply");
        double[,] a = Random<float>(260, 2, 1), b = Random<float>(2, 265, 2);
        StridedMatrix<float> result = new(new double[260, 265], OperandLayout.PaddedRows);
        Family.Multiply(own, new StridedMatrix<float>(a).Ref, new StridedMatrix<float>(b).Ref, result.Ref, 1f, 0f, new("Multiply", Trace: trace));
        Near<float>(result.ToArray(), ProductsReference.Multiply(1, a, b), ProductsReference.Magnitude(1, a, b), 2, engine.Name);
        result.AssertGuardsIntact(engine.Name);
        Assert.That(trace.Retries, Is.Positive);
    }

    [Test]
    public void A_symmetric_product_in_parts_stays_symmetric()
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        own.MemoryLimit = 1 << 18;
        double[,] a = Random<float>(261, 2, 1), b = ProductsReference.Transpose(a);
        StridedMatrix<float> result = new(new double[261, 261]);
        Family.MultiplySelf(own, new StridedMatrix<float>(a).Ref, result.Ref, 1f, 0f, new("MultiplySelf"));
        Near<float>(result.ToArray(), ProductsReference.Multiply(1, a, b), ProductsReference.Magnitude(1, a, b), 2, engine.Name);
        for (int i = 0; i < 261; i++)
        {
            for (int j = 0; j < i; j++) if (result[i, j] != result[j, i]) Assert.Fail($"{i}, {j}");
        }
    }

    [Test]
    public void What_never_fits_names_the_smallest_tile()
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        own.MemoryLimit = 1 << 12;
        StridedMatrix<float> a = new(new double[300, 300]), result = new(new double[300, 300]);
        Assert.That(
            () => Family.Multiply(own, a.Ref, a.Ref, result.Ref, 1f, 0f, new("Multiply")),
            Throws.InstanceOf<DeviceOutOfMemoryException>().With.Property("SmallestTile").EqualTo("150 x 150 of depth 300"));
    }
}
