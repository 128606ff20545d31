using System.Text.Json;
using System.Text.Json.Serialization;

namespace FusionKernels;

/// <content>JSON.</content>
public sealed partial class FusionReport
{
    private static readonly ReportJson s_json = new(new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<FusionReportKind>(JsonNamingPolicy.CamelCase), new FiniteOrNull() },
    });

    /// <summary>One JSON object: what was compared, and a row for the baseline, every view and every strategy. What is not a number is null.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new JsonReport(RowCount, Views, Classes, Folds, Seed, IsError ? "rmse" : "accuracy", MissingRates, Test, IsComplete, BestSingle?.Name, BestFused?.Name, Rows), s_json.JsonReport);

    private sealed record JsonReport(
        int Rows,
        IReadOnlyList<string> Views,
        int Classes,
        int Folds,
        int Seed,
        string Measure,
        IReadOnlyList<double> MissingRates,
        string Test,
        bool IsComplete,
        string? BestSingle,
        string? BestFused,
        IReadOnlyList<FusionReportRow> Results);

    /// <summary>The report's types, for programs that have no reflection.</summary>
    [JsonSerializable(typeof(JsonReport))]
    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    private sealed partial class ReportJson : JsonSerializerContext;

    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
