using FusionKernels.Kernels.Simd;

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

    /// <summary>Whether an element of type <typeparamref name="T"/> holds <see cref="A"/>: a kernel's factor neither overflows nor vanishes, a weight does not overflow.</summary>
    public bool HoldsA<T>()
        where T : unmanaged => double.IsFinite(Element.Rounded<T>(A)) && (!IsKernel || Element.Rounded<T>(A) > 0);

    /// <summary>Whether an element of type <typeparamref name="T"/> holds <see cref="B"/>: what is added does not overflow, a factor does not vanish either.</summary>
    public bool HoldsB<T>()
        where T : unmanaged => double.IsFinite(Element.Rounded<T>(B))
            && (Code is not (GramOpCode.RationalQuadratic or GramOpCode.Periodic) || Element.Rounded<T>(B) > 0);
}
