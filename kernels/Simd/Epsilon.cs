namespace FusionKernels.Kernels.Simd;

/// <summary>The distance from 1 to the next number.</summary>
internal static class Epsilon
{
    /// <summary>In float32.</summary>
    public const double Float32 = 1.0 / (1 << 23);

    /// <summary>In float64.</summary>
    public const double Float64 = 1.0 / (1L << 52);

    /// <summary>In the element.</summary>
    public static double Of<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? Float32 : Float64;
}
