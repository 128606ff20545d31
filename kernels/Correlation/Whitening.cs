using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>A map F of one view with Fᵀ S F = I on the directions that count.</summary>
internal abstract class Whitening
{
    /// <summary>Directions that count.</summary>
    public abstract int Rank { get; }

    /// <summary>The condition number of S on them.</summary>
    public abstract double Condition { get; }

    /// <summary>Fᵀ c.</summary>
    public abstract DenseMatrix Apply(DenseAlgebra algebra, DenseMatrix c);

    /// <summary>F u: weights from coordinates.</summary>
    public abstract DenseMatrix Weights(DenseAlgebra algebra, DenseMatrix u);
}
