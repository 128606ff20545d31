namespace FusionKernels;

/// <summary>Options of matrix products: result = <see cref="Alpha"/> a b + <see cref="Beta"/> result.</summary>
public sealed record class MatrixProductOptions : ExecutionOptions
{
    /// <summary>Whether the left operand is taken transposed; off by default, without effect on a vector.</summary>
    public bool TransposeA { get; init; }

    /// <summary>Whether the right operand is taken transposed; off by default, without effect on a vector and in products of a matrix with itself.</summary>
    public bool TransposeB { get; init; }

    /// <summary>Factor of the product, 1 by default; at 0 the operands are not read.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Factor of what stands in the destination; at 0, the default, the destination is overwritten unread, NaN included.</summary>
    public double Beta { get; init; }
}
