namespace FusionKernels.Kernels.Attention;

/// <summary>Dense operands of the reference, batch x heads x rows x columns, row-major.</summary>
/// <param name="Query">Queries.</param>
/// <param name="Key">Keys.</param>
/// <param name="Value">Values.</param>
/// <param name="Bias">What is added to every score; null for nothing.</param>
/// <param name="Mask">Which pairs are kept; null for all.</param>
internal readonly record struct ReferenceInputs(double[] Query, double[] Key, double[] Value, double[]? Bias = null, bool[]? Mask = null);
