namespace FusionKernels.Kernels.Decompositions;

/// <summary>A square matrix that is known by its products.</summary>
internal interface ILinearOperator
{
    /// <summary>Fills the product with width vectors, size x width, row by row.</summary>
    void Multiply(ReadOnlySpan<double> vectors, int width, Span<double> product);
}
