namespace FusionKernels;

/// <summary>What happens to a value that the wanted element type cannot hold exactly.</summary>
public enum ValueConversion
{
    /// <summary>Every value must survive unchanged; the first that does not is an error that names it.</summary>
    Exact,

    /// <summary>Values are rounded to the nearest floating-point value, ties to even; a finite value beyond the type's range is an error.</summary>
    Round,
}
