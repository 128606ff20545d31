namespace FusionKernels;

/// <summary>How many bits the host's kernels compute with at once.</summary>
/// <remarks>
/// The widest that the machine has is chosen by itself; the environment variable <c>FUSIONKERNELS_SIMD</c> (<c>512</c>,
/// <c>256</c>, <c>128</c> or <c>scalar</c>) chooses another, for support and for comparison.
/// </remarks>
public enum SimdWidth
{
    /// <summary>One element at a time; every machine has it.</summary>
    Scalar,

    /// <summary>128 bits: 4 lanes of float32, 2 of float64 (SSE on x86, Advanced SIMD on ARM).</summary>
    Bits128,

    /// <summary>256 bits: 8 lanes of float32, 4 of float64 (AVX2 on x86).</summary>
    Bits256,

    /// <summary>512 bits: 16 lanes of float32, 8 of float64 (AVX-512 on x86).</summary>
    Bits512,
}
