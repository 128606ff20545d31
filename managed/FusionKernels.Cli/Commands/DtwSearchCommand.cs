using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>dtw-search</c>: where in a long series is what resembles a short one?</summary>
internal sealed class DtwSearchCommand : GenericVerb
{
    private readonly Argument<string> _query = new("Q") { Description = $"What to look for, one channel: {SeriesFile.Forms}." };
    private readonly Argument<string> _stream = new("R") { Description = "The series to look in, one channel, at least as long." };

    private readonly Option<int> _top = new("--top")
    {
        Description = "At most so many matches, the nearest first; 1 by default.",
        HelpName = "k",
        DefaultValueFactory = _ => 1,
        CustomParser = result => OptionNumber.Integer(result, "--top", 1, int.MaxValue, "ask for 1 match or more"),
    };

    private readonly Option<int?> _exclusion = new("--exclusion")
    {
        Description = "Matches begin at least so many samples apart; half of Q by default.",
        HelpName = "n",
        CustomParser = result => OptionNumber.Integer(result, "--exclusion", 0, int.MaxValue, "a number of samples is 0 or more"),
    };

    private readonly Option<bool> _znormalize = new("--znormalize") { Description = "Give Q and every window of R mean 0 and deviation 1 before they are compared." };
    private readonly WarpingOptions _warping = new();

    /// <summary>Declares the verb.</summary>
    public DtwSearchCommand()
        : base(
            "dtw-search",
            "Find the windows of R that are nearest to Q under dynamic time warping. Bounds remove most of them unaligned; the answer is that of aligning every one.",
            float64ByDefault: false,
            "dtw-search query.csv stream.npy --top 5 --window 6 --znormalize",
            "dtw-search query.wav recording.wav --window-fraction 0.05 --exclusion 4000 --json")
    {
        Add(_query);
        Add(_stream);
        Add(_top);
        foreach (Option option in Options()) Add(option);
        Add(_znormalize);
        Add(_exclusion);

        IEnumerable<Option> Options() => [.. _warping.Window.Bands, _warping.Cost, _warping.Root, _warping.NoRoot];
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        DtwSearchOptions options = ReadOptions(arguments);
        Tensor<T> query = Read<T>(arguments.GetRequiredValue(_query)), stream = Read<T>(arguments.GetRequiredValue(_stream));
        if (query.Lengths[0] > stream.Lengths[0])
        {
            throw new DataException($"{arguments.GetRequiredValue(_query)} has {query.Lengths[0]} samples, {arguments.GetRequiredValue(_stream)} only {stream.Lengths[0]}; exchange them, or look in a longer series");
        }

        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        (DtwSearchResult<T> result, ExecutionReport report) = terminal.WithProgress("dtw-search", progress =>
        {
            ExecutionReport? told = null;
            DtwSearchResult<T> found = DtwSearch.Find(query, stream, options with
            {
                Device = device,
                Threads = arguments.GetValue(Threads),
                Cancellation = cancellation,
                Progress = new FractionProgress(progress),
                Report = report => told = report,
            });
            return (found, told!);
        });
        if (arguments.GetValue(Json)) terminal.WriteJson(new { matches = result.Matches, pruned = result.Ledger.Pruned });
        else Show(terminal.Console, result, report);
    }

    private DtwSearchOptions ReadOptions(ParseResult arguments)
    {
        PointCost cost = _warping.ReadCost(arguments) ?? PointCost.SquaredEuclidean;
        if (cost == PointCost.Cosine) throw new UsageException("--cost cosine compares vectors; a search is of single samples");
        return new()
        {
            Count = arguments.GetValue(_top),
            Exclusion = arguments.GetValue(_exclusion),
            ZNormalize = arguments.GetValue(_znormalize),
            Window = _warping.Window.Read(arguments) ?? WarpingWindow.None,
            Cost = cost,
            Root = _warping.ReadRoot(arguments),
        };
    }

    private static Tensor<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> series = SeriesFile.Read<T>(path);
        return series.Lengths[1] == 1 ? series : throw new DataException($"{path} has {series.Lengths[1]} channels; a search is of series of one channel");
    }

    private static void Show<T>(IAnsiConsole console, DtwSearchResult<T> result, ExecutionReport report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Table matches = new() { Border = TableBorder.Rounded };
        matches.AddColumn(new TableColumn("position").RightAligned());
        matches.AddColumn(new TableColumn("distance").RightAligned());
        foreach (DtwSearchMatch<T> match in result.Matches)
        {
            matches.AddRow(match.Position.ToString(CultureInfo.InvariantCulture), match.Distance.ToString(null, CultureInfo.InvariantCulture));
        }

        console.Write(matches);
        console.Write(Ledger(result.Ledger));
        console.MarkupLineInterpolated($"{report.Device}, {report.Precision}: {Units.Seconds(report.TotalSeconds)}");
    }

    private static Table Ledger(DtwSearchLedger ledger)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumn("windows");
        table.AddColumn(new TableColumn("").RightAligned());
        table.AddColumn(new TableColumn("").RightAligned());
        foreach ((string stage, long windows) in new[]
        {
            ("removed by Kim's bound", ledger.Kim),
            ("by Keogh's, of the window", ledger.KeoghOfWindow),
            ("by Keogh's, of the query", ledger.KeoghOfQuery),
            ("by Lemire's improved bound", ledger.Improved),
            ("by Webb's bound", ledger.Webb),
            ("alignments abandoned", ledger.Abandoned),
            ("alignments completed", ledger.Completed),
            ("all", ledger.Windows),
        })
        {
            table.AddRow(stage, windows.ToString("N0", CultureInfo.InvariantCulture), Units.Percent((double)windows / Math.Max(1, ledger.Windows), 1));
        }

        return table;
    }
}
