namespace FusionKernels.Kernels.Grams;

/// <summary>One step of a <see cref="GramProgram"/>.</summary>
/// <param name="Code">What it does.</param>
/// <param name="A">First parameter of the code's formula.</param>
/// <param name="B">Second parameter of the code's formula.</param>
/// <param name="Index">The degree of a polynomial, or the number of a given matrix.</param>
/// <param name="First">The first feature that a kernel reads.</param>
/// <param name="Features">How many features it reads.</param>
internal readonly record struct GramOp(GramOpCode Code, double A = 0, double B = 0, int Index = 0, int First = 0, int Features = 0)
{
    /// <summary>Whether the step pushes a kernel of the pair of rows.</summary>
    public bool IsKernel => Code < GramOpCode.Precomputed;

    /// <summary>Whether the step pushes a value.</summary>
    public bool IsLeaf => Code <= GramOpCode.Precomputed;
}
