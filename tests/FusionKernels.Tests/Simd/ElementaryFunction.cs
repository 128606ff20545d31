namespace FusionKernels.Tests.Simd;

/// <summary>The functions of <see cref="FusionKernels.Kernels.Simd.VectorMath"/>, for tests that run over all of them.</summary>
public enum ElementaryFunction
{
    Exp,
    Log,
    Tanh,
    SinSquaredPi,
}
