using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Numbers as the tables show them.</summary>
internal static class Format
{
    private static readonly (double Unit, string Name)[] s_times = [(1, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")];

    /// <summary>Three digits with a unit, e.g. <c>43.6 ms</c>.</summary>
    public static string Time(double seconds)
    {
        (double unit, string name) = s_times.FirstOrDefault(time => seconds >= time.Unit, s_times[^1]);
        return $"{Number(seconds / unit)} {name}";
    }

    /// <summary>Three digits; <c>-</c> for nothing.</summary>
    public static string Number(double? value) => value switch
    {
        null or 0 => "-",
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.01 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.0e0", CultureInfo.InvariantCulture),
    };

    /// <summary>An error, e.g. <c>3.1e-7</c>.</summary>
    public static string Error(double error) => error.ToString("0.0e0", CultureInfo.InvariantCulture);

    /// <summary>Whole bytes; <c>-</c> where nobody counted.</summary>
    public static string Bytes(double? bytes) => bytes is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B");

    /// <summary>A number of host threads; <c>-</c> for an accelerator.</summary>
    public static string Threads(int threads) => threads == 0 ? "-" : threads.ToString(CultureInfo.InvariantCulture);
}
