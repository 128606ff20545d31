using System.CommandLine;
using FusionKernels.Bench;

namespace FusionKernels.Cli;

/// <summary><c>bench</c>: the suite of cases on the devices of this machine, against the peaks measured in the same run.</summary>
internal sealed class BenchCommand : Verb
{
    private const string All = "all";

    private readonly Option<string[]> _family = new("--family") { Description = $"{string.Join(", ", CaseCatalog.Families)} or all; one or several.", HelpName = "family", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _device = new("--device") { Description = "auto, host, cuda[:i], opencl[:i], ilgpu-cpu or all; one or several. All but the simulated ones by default.", HelpName = "device", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _filter = new("--filter") { Description = "Only cases whose line contains this; * stands for anything.", HelpName = "text", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "On the host only cases of so many threads: 1, 2 or one per core. 0 for all of them.",
        HelpName = "n",
        DefaultValueFactory = _ => 0,
        CustomParser = result => OptionNumber.Integer(result, "--threads", 0, int.MaxValue, "there are no negative threads; 0 takes the cases of any number"),
    };

    private readonly Option<string?> _precision = new("--precision") { Description = "Only cases in float32, or in float64.", HelpName = "type" };
    private readonly Option<bool> _quick = new("--quick") { Description = "Within a minute a device: fewer runs, and on the host all threads alone." };
    private readonly Option<bool> _tiny = new("--tiny") { Description = "The smallest sizes, to see that everything runs: times mean nothing, counts do." };
    private readonly Option<string?> _file = new("--json") { Description = "Write the results to this file.", HelpName = "out.json" };
    private readonly Option<string?> _machine = new("--machine") { Description = "What the machine is called in the results; by default its models.", HelpName = "name" };
    private readonly Option<string?> _base = new("--regress") { Description = "Results to hold these against: exit code 5 where a case became worse beyond its spread.", HelpName = "base.json" };
    private readonly Option<string> _figures = new("--figures") { Description = "What --regress looks at: all, or counts (allocations, launches, device memory), which no other program disturbs.", HelpName = "figures", DefaultValueFactory = _ => All };

    /// <summary>Declares the options.</summary>
    public BenchCommand()
        : base(
            "bench",
            "Measure products, Gram matrices, alignment, decompositions, attention and learning on every device, beside the peaks measured in the same run.",
            "bench --quick",
            "bench --device host --family grams attention --json host.json",
            "bench --quick --regress host.json")
    {
        _figures.AcceptOnlyFromAmong(All, "counts");
        _precision.AcceptOnlyFromAmong("float32", "float64");
        foreach (Option option in (Option[])[_family, _device, _filter, _threads, _precision, _quick, _tiny, _machine, _base, _figures]) Add(option);
    }

    /// <inheritdoc/>
    public override void AddCommonOptions() => Add(_file);

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string[] families = [.. (arguments.GetValue(_family) ?? []).Where(family => family != All)];
        if (families.FirstOrDefault(family => !CaseCatalog.Families.Contains(family)) is { } unknown)
        {
            throw new UsageException($"--family {unknown}: there are {string.Join(", ", CaseCatalog.Families)}{NearestName.Hint(unknown, CaseCatalog.Families)}");
        }

        string? file = arguments.GetValue(_file), baseFile = arguments.GetValue(_base);
        if (file is not null) OutputFile.RequireKind("--json", file, ".json", baseFile is null ? [] : [baseFile]);
        BenchResults? before = baseFile is null ? null : ReadBase(baseFile);
        SuiteOptions options = arguments.GetValue(_tiny) ? SuiteOptions.Tiny : arguments.GetValue(_quick) ? SuiteOptions.Quick : SuiteOptions.Whole;
        List<DeviceSession> sessions = [];
        try
        {
            foreach (string name in DeviceNames(arguments.GetValue(_device) ?? [])) sessions.Add(Open(name, options.SecondsAtPeak));
            string[] filters = arguments.GetValue(_filter) ?? [];
            int threads = arguments.GetValue(_threads);
            string? precision = arguments.GetValue(_precision);
            bool isEachNamed = filters.Length > 0 || threads > 0;
            CaseEntry[] entries =
            [
                .. sessions.SelectMany(session => CaseCatalog.Of(session, filters))
                    .Where(entry => isEachNamed || options.Takes(entry))
                    .Where(entry => families.Length == 0 || families.Contains(entry.Family))
                    .Where(entry => threads == 0 || entry.Threads == 0 || entry.Threads == threads)
                    .Where(entry => precision is null || entry.Precision == precision),
            ];
            if (entries.Length == 0) throw new UsageException("no case matches --family, --filter, --threads and --precision");
            BenchResults results = terminal.WithProgress(
                "bench",
                progress => SuiteRun.Execute(options, arguments.GetValue(_machine), sessions, entries, (i, entry) => progress.Report(new((double)i / entries.Length, entry.ToString())), cancellation));
            terminal.Write(results.ToMarkdown());
            if (file is not null) OutputFile.WriteText(file, ResultFiles.ToJson(results));
            int code = before is null ? ExitCode.Success : Regress(before, baseFile!, results, arguments.GetValue(_figures) == All, terminal);
            if (cancellation.IsCancellationRequested)
            {
                throw new ResumableInterruption($"cancelled; {results.Rows.Count} of {entries.Length} cases are done{(file is null ? "" : $" and stand in {file}")}");
            }

            foreach (IGrouping<string, LeftOutRow> device in results.LeftOut.GroupBy(row => row.Device))
            {
                terminal.WriteError($"bench: {device.Key}: the minute of --quick was over before {device.Count()} of {entries.Count(entry => entry.Session.Device.Description.Name == device.Key)} cases; where its driver keeps what it compiled, another run gets further, and one without --quick does them all");
            }

            foreach (FailureRow failure in results.Failures) terminal.WriteError($"bench: {failure.Case} {failure.Precision} on {failure.Device} failed: {failure.Problem}");
            return results.Failures.Count > 0 ? ExitCode.Failure : code;
        }
        finally
        {
            foreach (DeviceSession session in sessions) session.Dispose();
        }
    }

    private static int Regress(BenchResults before, string file, BenchResults now, bool withTimes, Terminal terminal)
    {
        IReadOnlyList<RegressedFigure> worse = Regression.Of(before, now, withTimes, out int matched);
        if (matched == 0) throw new DataException($"--regress {file} has no case in common with this run: other devices, sizes or numbers of threads");
        MarkdownText text = new();
        terminal.Write("\n");
        text.Heading($"Against {file}", 2);
        if (worse.Count == 0)
        {
            text.Paragraph($"None of {matched} cases is worse beyond its spread.");
            terminal.Write(text.ToString());
            return ExitCode.Success;
        }

        text.Table(["case", "figure", "before", "now", "times"], worse.Select(one => (string[])[one.Case, one.Figure, one.Before, one.Now, Format.Number(one.Ratio)]));
        terminal.Write(text.ToString());
        terminal.WriteError($"bench: {worse.Count} figures of {matched} cases are worse than in {file}");
        return ExitCode.Regression;
    }

    private static BenchResults ReadBase(string file)
    {
        BenchResults before = ResultReader.Read(file);
        if (before.Suite == BenchResults.CurrentSuite) return before;
        throw new DataFormatException(file, "suite", $"suite {BenchResults.CurrentSuite}", $"suite {before.Suite}: other cases; measure the base again");
    }

    private static DeviceSession Open(string name, double secondsAtPeak)
    {
        try
        {
            return new(name, secondsAtPeak);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Failure.WithoutParameter(exception));
        }
    }

    private static IEnumerable<string> DeviceNames(string[] typed) => typed.Length == 0
        ? DeviceSurvey.Usable().Where(device => device.Kind != DeviceKind.IlgpuCpu).Select(device => device.Name)
        : typed.SelectMany(name => name == All ? DeviceSurvey.Usable().Select(device => device.Name) : [name]).Distinct();
}
