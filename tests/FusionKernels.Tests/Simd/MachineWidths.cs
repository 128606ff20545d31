using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>Which lanes this machine can run.</summary>
internal static class MachineWidths
{
    /// <summary>Ignores the fixture where the machine lacks the width of <typeparamref name="V"/>.</summary>
    public static void Require<V>()
    {
        SimdWidth width = WidthOf<V>();
        Assume.That(SimdWidths.IsSupported(width), $"This machine has no SIMD width {SimdWidths.NameOf(width)}.");
    }

    /// <summary>The width of the lanes; scalar for those of devices.</summary>
    public static SimdWidth WidthOf<V>() => typeof(V).Name switch
    {
        "Lanes512`1" => SimdWidth.Bits512,
        "Lanes256`1" => SimdWidth.Bits256,
        "Lanes128`1" => SimdWidth.Bits128,
        "Lanes1`1" or nameof(Lane32) or nameof(Lane64) => SimdWidth.Scalar,
        string name => throw new ArgumentException($"No width is known of {name}."),
    };
}
