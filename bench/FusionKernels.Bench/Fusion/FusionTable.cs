using System.Diagnostics;
using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Compares all strategies of fusion on the handwritten digits in six views and writes what they reach, and the time they take, as <c>fusion.md</c>.</summary>
internal static class FusionTable
{
    private const int Folds = 5, Seed = 1;

    private static readonly string[] s_views = ["fou", "fac", "kar", "pix", "zer", "mor"];

    /// <summary>Runs the report and writes the file into the machine's folder.</summary>
    /// <param name="options">Device (the host where all are named), strategies by their names, machine, folder; tiny: every tenth row and two folds.</param>
    /// <param name="output">Where the table is told.</param>
    /// <param name="errors">Where problems and progress are told.</param>
    /// <returns>0; 1 where a strategy failed; 2 where the data are not there or nothing matches; 4 where the device is not there.</returns>
    public static int Write(BenchOptions options, TextWriter output, TextWriter errors)
    {
        if (LearnedData.Find() is not { } folder)
        {
            errors.WriteLine("bench: the shared data are not there: set FUSIONKERNELS_DATA to their folder");
            return 2;
        }

        Views views = Read(folder, options.Tiny);
        FusionStrategy[] strategies = [.. FusionStrategy.All(views).Where(one => options.Filters.Count == 0 || options.Filters.Contains(one.Name))];
        if (strategies.Length == 0)
        {
            errors.WriteLine($"bench: no strategy is named '{string.Join("', '", options.Filters)}'; there are {string.Join(", ", FusionStrategy.All(views))}");
            return 2;
        }

        try
        {
            using ComputeDevice device = ComputeDevice.Open(options.Device.Equals("all", StringComparison.OrdinalIgnoreCase) ? "host" : options.Device);
            Costs costs = new(errors);
            FusionReport report = FusionReport.Compare(views, new FusionReportOptions { Strategies = strategies, Folds = options.Tiny ? 2 : Folds, Seed = Seed, Device = device, Step = costs.Begin });
            costs.End();
            Machine machine = Machine.Describe(options.Machine, [device.Description]);
            string text = Markdown(report, costs, machine, device), path = Path.Combine(Directory.CreateDirectory(Path.Combine(options.Folder, machine.Name)).FullName, "fusion.md");
            AtomicFile.WriteText(path, text);
            output.Write(text);
            errors.WriteLine($"bench: wrote {path}");
            return report.Rows.Any(row => row.Error is not null) ? 1 : 0;
        }
        catch (DeviceNotFoundException absent)
        {
            errors.WriteLine($"bench: {absent.Message}");
            return 4;
        }
    }

    private static Views Read(string folder, bool isTiny)
    {
        CsvTable[] tables = [.. s_views.Select(name => Csv.Read(Path.Combine(folder, "mfeat", $"mfeat-{name}.csv"), new() { Header = CsvHeader.Present }))];
        Views views = Views.Of([.. tables.Select((table, m) => (s_views[m], (View)table.Without(table.ColumnCount - 1).ToTensor<float>()))]).WithLabels([.. tables[0].ToLabels(tables[0].ColumnCount - 1).Indices]);
        return isTiny ? views.Take([.. Enumerable.Range(0, views.Rows / 10).Select(row => 10 * row)]) : views;
    }

    private static string Markdown(FusionReport report, Costs costs, Machine machine, ComputeDevice device)
    {
        MarkdownText text = new();
        text.Heading($"Fusion on {machine.Name}");
        text.Machine(machine);
        text.Item("Device", device.Description.ToString());
        text.Item("Method", $"bench --fusion-report: FusionReport on {report.RowCount} handwritten digits (UCI multiple features) in {report.Views.Count} views, {report.Folds} folds, seed {report.Seed}; p by {report.Test}");
        text.Item("Whole report", string.Create(CultureInfo.InvariantCulture, $"{costs.WallSeconds:0} s, {costs.ProcessorSeconds:0} s of processor time"));
        text.Heading("Strategies", 2);
        text.Paragraph("Per cent correct, mean and standard deviation over the folds; -n: with n per cent of the views absent at test. Seconds are of everything that the row takes: fits, predictions with all views, with absent views and with each view blinded, explanations.");
        text.Table(
            ["strategy", "correct", "spread", .. report.MissingRates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"-{100 * rate:0}")), "p", "seconds", "processor seconds"],
            report.Rows.Select(row => Cells(row, report, costs)));
        return text.ToString();
    }

    private static string[] Cells(FusionReportRow row, FusionReport report, Costs costs)
    {
        (double wall, double processor) = costs.Of(row.Name);
        return
        [
            row.Name,
            row.Error ?? Percent(row.Score),
            row.Error is null ? Percent(row.Spread) : "",
            .. report.MissingRates.Select((_, r) => r < row.Missing.Count ? Percent(row.Missing[r]) : ""),
            double.IsNaN(row.PValue) ? "" : row.PValue.ToString("0.0000", CultureInfo.InvariantCulture),
            wall.ToString("0.0", CultureInfo.InvariantCulture),
            processor.ToString("0.0", CultureInfo.InvariantCulture),
        ];
    }

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Wall and processor time by row of the report, from step to step.</summary>
    private sealed class Costs(TextWriter errors)
    {
        private readonly Dictionary<string, (double Wall, double Processor)> _rows = [];
        private string? _step;
        private long _started;
        private TimeSpan _used;

        public double WallSeconds => _rows.Values.Sum(row => row.Wall);

        public double ProcessorSeconds => _rows.Values.Sum(row => row.Processor);

        public (double Wall, double Processor) Of(string name) => _rows.GetValueOrDefault(name);

        public void Begin(string step)
        {
            End();
            (_step, _started, _used) = (step, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        }

        public void End()
        {
            if (_step is not { } step) return;
            double wall = Stopwatch.GetElapsedTime(_started).TotalSeconds, processor = (Environment.CpuUsage.TotalTime - _used).TotalSeconds;
            string name = step.Split(", fold ")[0];
            (double Wall, double Processor) sofar = Of(name);
            _rows[name] = (sofar.Wall + wall, sofar.Processor + processor);
            errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: {step}: {wall:0.0} s, {processor:0.0} s of processor time"));
            _step = null;
        }
    }
}
