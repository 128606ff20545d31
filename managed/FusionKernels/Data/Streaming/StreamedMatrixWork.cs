using System.Reflection;

namespace FusionKernels;

/// <summary>Everything that the bytes of a matrix file depend on.</summary>
/// <param name="Version">The library's version.</param>
/// <param name="Device">The device with its SIMD width or driver.</param>
/// <param name="Precision">The element.</param>
/// <param name="Content">What is computed, in words that follow "it was of".</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Features">Features of a row, or channels of a sample.</param>
/// <param name="BlockRows">Rows of a block on an accelerator, which chooses kernels by the size of the work; 0 on the host, where bits do not depend on it.</param>
/// <param name="NonFinite">What becomes of NaN and infinities.</param>
/// <param name="Inputs">SHA-256 of the parameters and of every input element.</param>
internal sealed record StreamedMatrixWork(
    string Version, string Device, string Precision, string Content, int Rows, int Columns, int Features, int BlockRows, string NonFinite, string Inputs)
{
    /// <summary>The version of this library.</summary>
    public static string LibraryVersion =>
        typeof(StreamedMatrixWork).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>A device with its SIMD width or driver.</summary>
    public static string DeviceOf(DeviceDescription device) => $"{device.Name} {device.Model} ({device.Platform})";

    /// <summary>What differs from other work, in words; null when nothing does.</summary>
    public string? DifferenceFrom(StreamedMatrixWork other)
    {
        if (other == this) return null;
        if (other.Content != Content) return $"it was of {other.Content}";
        if ((other.Rows, other.Columns, other.Features) != (Rows, Columns, Features)) return $"it was {other.Rows} x {other.Columns} of {other.Features} features";
        if (other.Precision != Precision) return $"it was in {other.Precision}";
        if (other.NonFinite != NonFinite) return $"it treated NaN otherwise ({other.NonFinite})";
        if (other.BlockRows != BlockRows) return $"it was in blocks of {other.BlockRows} rows";
        if (other.Inputs != Inputs) return "it was of other inputs";
        return other.Device != Device ? $"it was computed on {other.Device}" : $"it was written by version {other.Version}";
    }
}
