using System.Text.Json;
using System.Text.Json.Serialization;

namespace FusionKernels;

/// <content>JSON.</content>
public sealed partial class FusionReport
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new FiniteOrNull() },
    };

    /// <summary>One JSON object: what was compared, and a row for the baseline, every view and every strategy. What is not a number is null.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new JsonReport(RowCount, Views, Classes, Folds, Seed, IsError ? "rmse" : "accuracy", MissingRates, Test, IsComplete, BestSingle?.Name, BestFused?.Name, Rows), s_json);

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
