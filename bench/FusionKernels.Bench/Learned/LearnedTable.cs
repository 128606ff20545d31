using System.Diagnostics;
using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Runs the learned methods over seeds on the shared data and writes what they reach as a page in Markdown, with a picture of rebuilt pixels beside it.</summary>
internal static class LearnedTable
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; the picture has its name and ends in .png.</param>
    /// <param name="seeds">How many seeds, from 1 on.</param>
    /// <param name="filters">Parts of the cases' names; none for all.</param>
    /// <param name="output">Where figures are told as they come.</param>
    /// <param name="errors">Where problems are told.</param>
    /// <returns>0; 1 where a mean over the seeds does not pass; 2 where there are no seeds or no data, or nothing matches.</returns>
    public static int Write(string path, int seeds, IReadOnlyList<string> filters, TextWriter output, TextWriter errors)
    {
        if (seeds < 1)
        {
            errors.WriteLine($"bench: --seeds {seeds}: one seed at least is needed");
            return 2;
        }

        if (LearnedData.Find() is not { } folder)
        {
            errors.WriteLine("bench: the shared data are not there: set FUSIONKERNELS_DATA to their folder");
            return 2;
        }

        IReadOnlyList<LearnedCase> all = LearnedCases.Of(folder, Path.ChangeExtension(path, ".png"));
        LearnedCase[] cases = [.. all.Where(one => filters.Count == 0 || filters.Any(part => one.ToString().Contains(part, StringComparison.OrdinalIgnoreCase)))];
        if (cases.Length == 0)
        {
            errors.WriteLine($"bench: no learned case matches '{string.Join("', '", filters)}'; there are {string.Join("; ", all)}");
            return 2;
        }

        List<(LearnedCase Case, LearnedFigure[] Figures, double Seconds)> reached = [];
        foreach (LearnedCase one in cases)
        {
            long started = Stopwatch.GetTimestamp();
            reached.Add((one, [.. Enumerable.Range(1, seeds).Select(seed => one.Reach((ulong)seed))], Stopwatch.GetElapsedTime(started).TotalSeconds / seeds));
            output.WriteLine(string.Join(" | ", Line(reached[^1].Case, reached[^1].Figures, reached[^1].Seconds)));

            // The whole page each time: what was reached stays where a long run is ended.
            AtomicFile.WriteText(path, Page(reached, seeds));
        }

        return reached.All(one => one.Case.Passes(Mean(one.Figures))) ? 0 : 1;
    }

    private static string Page(List<(LearnedCase Case, LearnedFigure[] Figures, double Seconds)> reached, int seeds)
    {
        MarkdownText page = new();
        Machine machine = Machine.Describe(null, []);
        page.Heading($"What learned methods reach on {machine.Name}");
        page.Machine(machine);
        page.Item("Method", $"bench --learned-table FILE --seeds {seeds}: seeds from 1 on; seconds are of all fits of a seed, beside other work of the machine");
        page.Item("Choice", "settings and epochs by the training rows alone, seed by seed; what chose is the second table");
        page.Heading("Figures on held-out rows", 2);
        page.Table(["method", "data", "measure", "reference", "mean", "least to greatest", "chosen", "seconds"], reached.Select(one => Line(one.Case, one.Figures, one.Seconds)));
        (LearnedCase Case, LearnedFigure[] Figures)[] choices = [.. reached.Where(one => one.Figures[0].Tried is not null).Select(one => (one.Case, one.Figures))];
        if (choices.Length == 0) return page.ToString();
        page.Heading("What settings reached on the part of the training rows that chose", 2);
        page.Table(["method", "data", "setting", "mean", "by seed", "chosen"], choices.SelectMany(one => Tried(one.Case, one.Figures)));
        return page.ToString();
    }

    private static string[] Line(LearnedCase one, LearnedFigure[] figures, double seconds)
    {
        string passes = !one.Passes(Mean(figures)) ? " (does not pass)" : figures.All(figure => one.Passes(figure.Value)) ? "" : " (a seed does not pass)";
        string[] chosen = [.. figures.Where(figure => figure.Chosen is not null).GroupBy(figure => figure.Chosen).Select(group => figures.Length == group.Count() ? group.Key! : $"{group.Key}: {group.Count()}")];
        return
        [
            one.Method, one.Data, one.Measure, one.Reference, $"{Text(Mean(figures))}{passes}",
            $"{Text(figures.Min(figure => figure.Value))} to {Text(figures.Max(figure => figure.Value))}", chosen.Length == 0 ? "-" : string.Join("; ", chosen), seconds.ToString("f0", CultureInfo.InvariantCulture),
        ];
    }

    private static IEnumerable<string[]> Tried(LearnedCase one, LearnedFigure[] figures) =>
        figures[0].Tried!.Select((setting, at) => new[]
        {
            one.Method, one.Data, setting.Setting, Text(figures.Average(figure => figure.Tried![at].Reached)), string.Join(" ", figures.Select(figure => Text(figure.Tried![at].Reached))),
            $"{figures.Count(figure => figure.Chosen == setting.Setting)}",
        });

    private static double Mean(LearnedFigure[] figures) => figures.Average(figure => figure.Value);

    private static string Text(double figure) => figure.ToString("f3", CultureInfo.InvariantCulture);
}
