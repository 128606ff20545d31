namespace FusionKernels;

/// <summary>What to do with NaN and infinities in the input.</summary>
public enum NonFiniteInput
{
    /// <summary>An <see cref="ArgumentException"/> that names the first one's row and column: the default.</summary>
    Reject,

    /// <summary>They spread as IEEE 754 says, over the rows and columns of the result that read them and no further.</summary>
    Propagate,
}
