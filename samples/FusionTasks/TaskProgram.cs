using System.Diagnostics;
using System.Globalization;
using FusionTasks.Tasks;

namespace FusionTasks;

/// <summary>Runs the tasks of fusion on real data, one by its name or all of them, and writes what they came to as a table.</summary>
internal static class TaskProgram
{
    private const string Usage =
        """
        FusionTasks digits|missing|labels|retrieval|audiovisual|sensors|questions|emotion|all
          --data FOLDER    the data sets (default: FUSIONKERNELS_DATA, or shared/data beside or above this folder)
          --folder FOLDER  emotion: an utterance-level set (default: a synthetic one)
          --seed N         what folds, draws and initial weights follow from (default 1)
          --table FILE     write the results as a Markdown table
          --threads N      threads (default: one per core)
          --tiny           a few rows and folds, to see that it runs
        """;

    /// <summary>By name: the tasks, in the order of the table.</summary>
    internal static IReadOnlyDictionary<string, Func<TaskOptions, TaskResult>> Tasks { get; } = new Dictionary<string, Func<TaskOptions, TaskResult>>
    {
        ["digits"] = DigitsTask.Run,
        ["missing"] = MissingTask.Run,
        ["labels"] = LabelsTask.Run,
        ["retrieval"] = RetrievalTask.Run,
        ["audiovisual"] = AudioVisualTask.Run,
        ["sensors"] = SensorsTask.Run,
        ["questions"] = QuestionsTask.Run,
        ["emotion"] = EmotionTask.Run,
    };

    private static int Main(string[] arguments) => Run(arguments, Console.Out);

    /// <summary>Runs what is asked for: 0 where all of it reached what is wanted or was skipped, 1 where it did not, 2 where the arguments are wrong.</summary>
    internal static int Run(string[] arguments, TextWriter output)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (!TryParse(arguments, output, out string? name, out string? table, out TaskOptions? options))
        {
            output.WriteLine(Usage);
            return 2;
        }

        List<string> rows = [];
        bool areMet = true;
        foreach ((string task, Func<TaskOptions, TaskResult> run) in Tasks.Where(task => name == "all" || task.Key == name))
        {
            output.WriteLine($"== {task}");
            long started = Stopwatch.GetTimestamp();
            try
            {
                TaskResult result = run(options);
                TimeSpan took = Stopwatch.GetElapsedTime(started);
                output.WriteLine($"   {result.Figures}");
                output.WriteLine($"   {(result.IsMet ? "met" : "NOT MET")}: {result.Wanted}; {took.TotalSeconds:f0} s");
                rows.Add($"| {task} | {result.Data} | {result.Figures} | {result.Wanted} | {(result.IsMet ? "yes" : "no")} |");
                areMet &= result.IsMet;
            }
            catch (DataAbsentException absent)
            {
                output.WriteLine($"   skipped: {absent.Message}");
                rows.Add($"| {task} | | skipped: {absent.Message} | | |");
            }
        }

        if (table is not null) WriteTable(table, rows, options);
        return areMet || options.IsTiny ? 0 : 1;
    }

    private static void WriteTable(string path, List<string> rows, TaskOptions options)
    {
        string[] head = [$"Seed {options.Seed}{(options.IsTiny ? ", tiny: figures mean nothing" : "")}.", "", "| task | data, protocol | reached | wanted | met |", "|---|---|---|---|---|"];
        string temporary = $"{path}.tmp";
        File.WriteAllLines(temporary, [.. head, .. rows]);
        File.Move(temporary, path, overwrite: true); // whole, or not at all
    }

    private static bool TryParse(string[] arguments, TextWriter output, out string? name, out string? table, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TaskOptions? options)
    {
        (name, table, options) = (null, null, null);
        string? data = null, folder = null, file = null;
        (int seed, int threads, bool isTiny) = (1, 0, false);
        for (int at = 0; at < arguments.Length; at++)
        {
            string one = arguments[at];
            string? value = at + 1 < arguments.Length ? arguments[at + 1] : null;
            if (one == "--tiny") isTiny = true;
            else if (!one.StartsWith('-') && name is null && (one == "all" || Tasks.ContainsKey(one))) name = one;
            else if (value is null || !Take(one, value))
            {
                output.WriteLine($"not understood: {one}");
                return false;
            }
            else at++;
        }

        table = file;
        if (name is null) return false;
        options = new(data ?? Environment.GetEnvironmentVariable("FUSIONKERNELS_DATA") ?? Beside(), folder, seed, isTiny, threads, output);
        return true;

        bool Take(string option, string value)
        {
            switch (option)
            {
                case "--data": data = value; return true;
                case "--folder": folder = value; return true;
                case "--table": file = value; return true;
                case "--seed": return int.TryParse(value, out seed);
                case "--threads": return int.TryParse(value, out threads) && threads >= 0;
                default: return false;
            }
        }
    }

    private static string Beside()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }

        return "";
    }
}
