using System.Text.Json.Serialization;

namespace FusionKernels.Cli;

/// <summary>What <c>dtw</c> tells about two series.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Distance">The distance; infinite where there is no path.</param>
/// <param name="NormalizedDistance">The sum over the lengths that the step pattern names; null where it names none, or there is no one path.</param>
/// <param name="Path">Indices of A and B that are matched; null where there is no one path, or nobody asked for it.</param>
/// <param name="Device">The device that ran.</param>
/// <param name="Seconds">Wall time of distance and path.</param>
/// <param name="Error">How far the distance is from that of float64; null where nobody asked.</param>
/// <param name="SkippedValues">Missing values that cost nothing; null where none may.</param>
internal sealed record DtwResult<T>(
    T Distance,
    T? NormalizedDistance,
    [property: JsonConverter(typeof(PathJson))] WarpingPath? Path,
    string Device,
    double Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SkippedValues)
    where T : unmanaged;
