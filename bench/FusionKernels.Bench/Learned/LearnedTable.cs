using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FusionKernels.Bench;

/// <summary>Runs the learned methods over seeds on the shared data and writes what they reach as a table in Markdown.</summary>
internal static class LearnedTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seeds">How many seeds, from 1 on.</param>
    /// <param name="filters">Parts of the cases' names; none for all.</param>
    /// <param name="output">Where figures are told as they come.</param>
    /// <param name="errors">Where problems are told.</param>
    /// <returns>0; 1 where a figure does not pass; 2 where the data are not there or nothing matches.</returns>
    public static int Write(string path, int seeds, IReadOnlyList<string> filters, TextWriter output, TextWriter errors)
    {
        if (LearnedData.Find() is not { } folder)
        {
            errors.WriteLine("bench: the shared data are not there: set FUSIONKERNELS_DATA to their folder");
            return 2;
        }

        LearnedCase[] cases = [.. LearnedCases.Of(folder).Where(one => filters.Count == 0 || filters.Any(part => one.ToString().Contains(part, StringComparison.OrdinalIgnoreCase)))];
        if (cases.Length == 0)
        {
            errors.WriteLine($"bench: no learned case matches '{string.Join("', '", filters)}'; there are {string.Join("; ", LearnedCases.Of(folder))}");
            return 2;
        }

        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"# What learned methods reach\n\nMean and range over {seeds} seeds, on {Kernels.Engines.Processor.Model}. Epochs and configurations of retrieval are chosen on a part of the training rows; docs/alignment.md says what was set with held-out rows in sight.\n\n");
        table.Append("| method | data | measure | reference | mean | least to greatest | seconds a fit |\n|---|---|---|---|---|---|---|\n");
        bool allPass = true;
        foreach (LearnedCase one in cases)
        {
            long started = Stopwatch.GetTimestamp();
            double[] figures = [.. Enumerable.Range(1, seeds).Select(seed => one.Reach((ulong)seed))];
            string seconds = (Stopwatch.GetElapsedTime(started).TotalSeconds / seeds).ToString("f1", CultureInfo.InvariantCulture);
            bool passes = figures.All(one.Passes);
            allPass &= passes;
            string line = string.Create(CultureInfo.InvariantCulture, $"| {one.Method} | {one.Data} | {one.Measure} | {one.Reference} | {figures.Average():f3}{(passes ? "" : " (does not pass)")} | {figures.Min():f3} to {figures.Max():f3} | {seconds} |");
            table.Append(line).Append('\n');
            output.WriteLine(line);
        }

        AtomicFile.WriteText(path, table.ToString());
        return allPass ? 0 : 1;
    }
}
