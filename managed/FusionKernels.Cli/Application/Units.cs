using System.Globalization;

namespace FusionKernels.Cli;

/// <summary>Quantities as people read them, in the invariant culture.</summary>
internal static class Units
{
    /// <summary>A duration: <c>812 us</c>, <c>3.41 ms</c>, <c>1.72 s</c>.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-3 => $"{Significant(seconds * 1e6)} us",
        < 1 => $"{Significant(seconds * 1e3)} ms",
        _ => $"{Significant(seconds)} s",
    };

    /// <summary>Memory: <c>12.3 MiB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes:0} B",
        < 1 << 20 => $"{Significant(bytes / (1 << 10))} KiB",
        < 1 << 30 => $"{Significant(bytes / (1 << 20))} MiB",
        _ => $"{Significant(bytes / (1 << 30))} GiB",
    };

    /// <summary>A speed: <c>412 GFLOP/s</c>.</summary>
    public static string Flops(double flopsPerSecond) => $"{Significant(flopsPerSecond / 1e9)} GFLOP/s";

    /// <summary>A bandwidth: <c>38.2 GB/s</c>.</summary>
    public static string Bandwidth(double bytesPerSecond) => $"{Significant(bytesPerSecond / 1e9)} GB/s";

    /// <summary>A part of a whole: <c>61 %</c>, <c>0.4 %</c>.</summary>
    public static string Percent(double fraction, int decimals = 0) =>
        (fraction * 100).ToString(fraction is > 0 and < 0.0095 ? "0.0" : decimals == 0 ? "0" : "0." + new string('0', decimals), CultureInfo.InvariantCulture) + " %";

    /// <summary>A deviation: <c>1.2e-07</c>, <c>0</c>.</summary>
    public static string Deviation(double value) => value == 0 ? "0" : value.ToString("0.0e-00", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits without an exponent.</summary>
    public static string Significant(double value) => value.ToString(
        Math.Abs(value) switch
        {
            >= 99.95 => "#,0",
            >= 9.995 => "0.0",
            >= 0.9995 => "0.00",
            >= 0.000995 => "0.000",
            _ => "0.0000",
        },
        CultureInfo.InvariantCulture);
}
