using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>One small problem of each kind on a simulated device: its groups are threads of the system, which meet at every rotation.</summary>
[TestFixture]
[Category("Engine")]
[Category("IlgpuCpu")]
public sealed class SimulatedJacobiTests
{
    private static TestEngine Engine =>
        TestEngines.Present.FirstOrDefault(engine => engine.Name == "ilgpu-cpu-warp32") ?? throw new IgnoreException("the simulated device is left out of this run");

    [Test]
    public void A_small_symmetric_matrix_is_diagonalised()
    {
        DenseMatrix matrix = JacobiRun.Rounded<float>(JacobiMatrices.Symmetric(MatrixKind.Random, 3, 1));
        (double[] values, DenseMatrix? vectors) = JacobiRun.Eigen<float>(Engine.Shared, [matrix])[0];
        JacobiAssert.IsEigen<float>(matrix, values, vectors!, "3 x 3");
        JacobiAssert.AreNear<float>(values, DecompositionsReference.SymmetricEigen(matrix).Values, 3, "3 x 3");
    }

    [Test]
    public void A_small_matrix_is_decomposed()
    {
        DenseMatrix matrix = JacobiRun.Rounded<float>(JacobiMatrices.General(MatrixKind.Random, 3, 2, 1));
        (DenseMatrix? u, double[] values, DenseMatrix? v) = JacobiRun.Svd<float>(Engine.Shared, [matrix])[0];
        JacobiAssert.IsSvd<float>(matrix, u!, values, v!, "3 x 2");
    }
}
