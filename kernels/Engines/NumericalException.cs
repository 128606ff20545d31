namespace FusionKernels;

/// <summary>The numbers do not permit the operation: a matrix that is not positive definite, a norm beyond the range of the type.</summary>
/// <param name="operation">The operation.</param>
/// <param name="where">Where it happened, in words, e.g. <c>row 3</c>.</param>
/// <param name="reason">What is wrong and what to do.</param>
public sealed class NumericalException(string operation, string where, string reason)
    : FusionKernelsException($"{operation}: {where}: {reason}", operation)
{
    /// <summary>Where it happened, in words, e.g. <c>row 3</c>.</summary>
    public string Where { get; } = where;
}
