using System.Text.Json;
using System.Text.Json.Serialization;

namespace FusionKernels.Cli;

/// <summary>Writes a path as pairs of indices, on one line whatever its length: <c>[[0,0],[1,0],[2,1]]</c>.</summary>
internal sealed class PathJson : JsonConverter<WarpingPath>
{
    /// <inheritdoc/>
    public override WarpingPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("paths are written, not read");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, WarpingPath value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[{string.Join(',', value.Select(match => $"[{match.X},{match.Y}]"))}]");
}
