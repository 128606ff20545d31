using System.Text.Json;

namespace FusionKernels.Bench;

/// <summary>Reads results that are to be compared, and refuses what cannot be.</summary>
internal static class ResultReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">A file that <c>fusionkernels bench --json</c> wrote.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no such file, or of another version of the format.</exception>
    public static BenchResults Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file");
        byte[] text = File.ReadAllBytes(path);
        try
        {
            using (JsonDocument document = JsonDocument.Parse(text))
            {
                int schema = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("schema", out JsonElement stated) && stated.TryGetInt32(out int number) ? number : 0;
                if (schema != BenchResults.CurrentSchema)
                {
                    throw new DataFormatException(path, "schema", $"version {BenchResults.CurrentSchema} of the results", schema == 0 ? "none" : $"version {schema}; measure again, or compare with the tool that wrote it");
                }
            }

            BenchResults results = JsonSerializer.Deserialize<BenchResults>(text, ResultFiles.Json) ?? throw new JsonException("null");
            if (results.Machine is not { Name: not null, Date: not null, Processor: not null, Libraries: not null }
                || results.Suite is null || results.Rows is null || results.Devices is null || results.Failures is null || results.LeftOut is null
                || results.Devices.Any(device => device is not { Description: { Name: not null, Model: not null, Platform: not null }, Rates: not null } || device.Rates.Any(rate => rate?.Precision is null))
                || results.Failures.Any(failure => failure is not { Case: not null, Device: not null, Problem: not null })
                || results.LeftOut.Any(row => row is not { Case: not null, Device: not null })
                || results.Rows.Any(row => row is not { Case: not null, Family: not null, Shape: not null, Device: not null, Precision: not null }))
            {
                throw new JsonException("a part is missing");
            }

            if (!results.Devices.SelectMany(device => device.Rates).All(IsMeasured) || !results.Rows.All(IsMeasured)) throw new JsonException("a time or a rate that nothing takes or reaches");
            return results;
        }
        catch (JsonException problem)
        {
            throw new DataFormatException(path, $"line {(problem.LineNumber ?? 0) + 1}", "results of 'fusionkernels bench --json'", problem.Message.Split('.')[0]);
        }
        catch (InvalidOperationException malformed)
        {
            throw new DataFormatException(path, "a name", "text in UTF-8", malformed.Message, malformed);
        }
    }

    private static bool IsMeasured(RateRow rate) =>
        IsPositive(rate.Gflops) && IsPositive(rate.GigaExponentials ?? 1) && IsPositive(rate.ReadGigabytesPerSecond) && IsPositive(rate.StoreGigabytesPerSecond);

    private static bool IsMeasured(ResultRow row) =>
        IsPositive(row.Seconds) && IsPositive(row.BestSeconds) && IsPositive(row.LowSeconds) && IsPositive(row.HighSeconds)
        && IsAmount(row.Gflops) && IsAmount(row.GigaExponentials) && IsAmount(row.GigaCells) && IsAmount(row.GigabytesPerSecond) && IsAmount(row.RowsPerSecond);

    /// <summary>Whether pages can draw the quotient of two such numbers: real ones lie far within.</summary>
    private static bool IsPositive(double number) => number is >= 1e-30 and <= 1e30;

    private static bool IsAmount(double number) => number == 0 || IsPositive(number);

    /// <summary>Reads files that are to stand side by side.</summary>
    /// <exception cref="DataFormatException">A file is none of these, has failed cases, or is of another suite than the first.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<BenchResults> ReadAll(IReadOnlyList<string> paths)
    {
        BenchResults[] all = [.. paths.Select(Read)];
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Suite != all[0].Suite)
            {
                throw new DataFormatException(paths[i], "suite", $"suite {all[0].Suite}, as {paths[0]} has it", $"suite {all[i].Suite}: other cases, whose times say nothing about these");
            }

            if (all[i].Failures.Count > 0)
            {
                FailureRow first = all[i].Failures[0];
                throw new DataFormatException(paths[i], "failures", "cases that all passed", $"{all[i].Failures.Count} failed, first '{first.Case}' on {first.Device}: {first.Problem}");
            }
        }

        return all;
    }
}
