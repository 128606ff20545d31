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
          --seeds N        run each task for so many seeds, from --seed on (default 1)
          --table FILE     write the results as a Markdown table, which grows with every task that is done
          --machine NAME   what the table's heading says of where it ran
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
        if (!TryParse(arguments, output, out string? name, out TableOptions table, out TaskOptions? options))
        {
            output.WriteLine(Usage);
            return 2;
        }

        List<string> rows = [];
        bool areMet = true;
        foreach ((string task, Func<TaskOptions, TaskResult> run) in Tasks.Where(task => name == "all" || task.Key == name))
        {
            for (int seed = options.Seed; seed < options.Seed + table.Seeds; seed++)
            {
                output.WriteLine(table.Seeds > 1 ? $"== {task}, seed {seed}" : $"== {task}");
                (string row, bool isMet) = Judge(task, run, options with { Seed = seed });
                areMet &= isMet;
                rows.Add(row);

                // The whole table each time: what was reached stays where a long run is ended.
                if (table.Path is not null) Write(table.Path, [.. table.Head(name!, options), .. rows]);
            }
        }

        return areMet || options.IsTiny ? 0 : 1;
    }

    /// <summary>Runs one task and says what it came to; what is skipped is not missed.</summary>
    private static (string Row, bool IsMet) Judge(string task, Func<TaskOptions, TaskResult> run, TaskOptions options)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            TaskResult result = run(options);
            options.Out.WriteLine($"   {result.Figures}");
            options.Out.WriteLine($"   {(result.IsMet ? "met" : "NOT MET")}: {result.Wanted}; {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s");
            return ($"| {task} | {options.Seed} | {result.Data} | {result.Figures} | {result.Wanted} | {(result.IsMet ? "yes" : "no")} |", result.IsMet);
        }
        catch (DataAbsentException absent)
        {
            options.Out.WriteLine($"   skipped: {absent.Message}");
            return ($"| {task} | {options.Seed} | | skipped: {absent.Message} | | |", true);
        }
    }

    /// <summary>Writes a file whole, or not at all.</summary>
    private static void Write(string path, IEnumerable<string> lines)
    {
        string temporary = $"{path}.tmp";
        File.WriteAllLines(temporary, lines);
        File.Move(temporary, path, overwrite: true);
    }

    private static bool TryParse(string[] arguments, TextWriter output, out string? name, out TableOptions table, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TaskOptions? options)
    {
        (name, options) = (null, null);
        string? data = null, folder = null, file = null, machine = null;
        (int seed, int seeds, int threads, bool isTiny) = (1, 1, 0, false);
        bool isUnderstood = true;
        for (int at = 0; at < arguments.Length && isUnderstood; at++)
        {
            string one = arguments[at];
            string? value = at + 1 < arguments.Length ? arguments[at + 1] : null;
            if (one == "--tiny") isTiny = true;
            else if (!one.StartsWith('-') && name is null && (one == "all" || Tasks.ContainsKey(one))) name = one;
            else if (value is null || !Take(one, value))
            {
                output.WriteLine($"not understood: {one}");
                isUnderstood = false;
            }
            else at++;
        }

        table = new(file, machine, seeds);
        if (!isUnderstood || name is null) return false;
        options = new(data ?? Environment.GetEnvironmentVariable("FUSIONKERNELS_DATA") ?? Beside(), folder, seed, isTiny, threads, output);
        return true;

        bool Take(string option, string value)
        {
            switch (option)
            {
                case "--data": data = value; return true;
                case "--folder": folder = value; return true;
                case "--table": file = value; return true;
                case "--machine": machine = value; return true;
                case "--seed": return int.TryParse(value, out seed);
                case "--seeds": return int.TryParse(value, out seeds) && seeds > 0;
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
