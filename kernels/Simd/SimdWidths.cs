using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>Which widths this machine has, and what they are called.</summary>
internal static class SimdWidths
{
    /// <summary>The environment variable that chooses a width by name.</summary>
    public const string EnvironmentVariable = "FUSIONKERNELS_SIMD";

    /// <summary>The widths that this machine has, widest first.</summary>
    public static IReadOnlyList<SimdWidth> All { get; } =
        [.. new[] { SimdWidth.Bits512, SimdWidth.Bits256, SimdWidth.Bits128, SimdWidth.Scalar }.Where(IsSupported)];

    /// <summary>The widest that this machine has.</summary>
    public static SimdWidth Detect() => All[0];

    /// <summary>The width that the environment variable names, or the widest that this machine has where it is unset or empty.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine has no such width.</exception>
    public static SimdWidth Choose()
    {
        string? name = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrWhiteSpace(name) ? Detect() : Parse(name);
    }

    /// <summary>The width of that name.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine has no such width.</exception>
    public static SimdWidth Parse(string name)
    {
        SimdWidth width = name.Trim().ToUpperInvariant() switch
        {
            "512" => SimdWidth.Bits512,
            "256" => SimdWidth.Bits256,
            "128" => SimdWidth.Bits128,
            "SCALAR" => SimdWidth.Scalar,
            _ => throw new ArgumentException(
                $"{EnvironmentVariable}: unknown SIMD width '{name}'; this machine has {NamesOfAll()}.", nameof(name)),
        };
        return IsSupported(width) ? width : throw Unsupported(width);
    }

    /// <summary>The name of a width: <c>512</c>, <c>256</c>, <c>128</c> or <c>scalar</c>.</summary>
    public static string NameOf(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => "512",
        SimdWidth.Bits256 => "256",
        SimdWidth.Bits128 => "128",
        SimdWidth.Scalar => "scalar",
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Not a SIMD width."),
    };

    /// <summary>Whether this machine can compute at that width.</summary>
    /// <remarks>Not <c>Vector512.IsHardwareAccelerated</c>, which is false on processors that have AVX-512 but slow down with it.</remarks>
    public static bool IsSupported(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => Avx512F.IsSupported,
        SimdWidth.Bits256 => Vector256.IsHardwareAccelerated,
        SimdWidth.Bits128 => Vector128.IsHardwareAccelerated,
        SimdWidth.Scalar => true,
        _ => false,
    };

    /// <summary>The error of asking for a width that this machine does not have.</summary>
    public static PlatformNotSupportedException Unsupported(SimdWidth width) =>
        new($"This machine has no SIMD width '{NameOf(width)}'; it has {NamesOfAll()}.");

    private static string NamesOfAll() => string.Join(", ", All.Select(NameOf));
}
