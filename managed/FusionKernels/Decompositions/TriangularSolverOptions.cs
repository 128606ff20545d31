namespace FusionKernels;

/// <summary>Which triangle is solved with.</summary>
public record class TriangularSolverOptions : ExecutionOptions
{
    /// <summary>Whether the upper triangle of the matrix is meant; the lower one by default. What lies beyond it is not read.</summary>
    public bool Upper { get; init; }

    /// <summary>Whether the triangle is taken transposed; off by default.</summary>
    public bool Transpose { get; init; }
}
