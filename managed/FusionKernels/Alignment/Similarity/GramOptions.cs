namespace FusionKernels;

/// <summary>How a Gram matrix is computed.</summary>
public record class GramOptions : ExecutionOptions
{
    /// <summary>What to do with NaN and infinities in the input; <see cref="NonFiniteInput.Reject"/> by default.</summary>
    public NonFiniteInput NonFinite { get; init; }
}
