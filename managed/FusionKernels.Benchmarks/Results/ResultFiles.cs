using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FusionKernels.Bench;

/// <summary>Results as files: <c>NAME.md</c> for people and <c>NAME.json</c> for programs, in the machine's folder.</summary>
internal static class ResultFiles
{
    /// <summary>How results are written and read.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // these files are read by people and programs, never as part of a page
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where results go unless somebody says otherwise: bench/results of the repository around the working folder, or results in it.</summary>
    public static string DefaultFolder
    {
        get
        {
            for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "FusionKernels.sln"))) return Path.Combine(folder.FullName, "bench", "results");
            }

            return Path.Combine(Environment.CurrentDirectory, "results");
        }
    }

    /// <summary>Results for programs.</summary>
    public static string ToJson<T>(T results) => JsonSerializer.Serialize(results, Json) + "\n";

    /// <summary>Writes both files.</summary>
    /// <param name="folder">The folder of all machines.</param>
    /// <param name="machine">The machine, whose folder is made where it is missing.</param>
    /// <param name="name">The files' name.</param>
    /// <param name="markdown">What the Markdown file holds.</param>
    /// <param name="results">What the JSON file holds.</param>
    /// <returns>The files.</returns>
    public static string[] Write<T>(string folder, Machine machine, string name, string markdown, T results)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, machine.Name)).FullName, name);
        AtomicFile.WriteText(path + ".md", markdown);
        AtomicFile.WriteText(path + ".json", ToJson(results));
        return [path + ".md", path + ".json"];
    }
}
