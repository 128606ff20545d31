using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>demo</c>: the bundled digits in five views, fused, on every device.</summary>
internal sealed class DemoCommand : ComputingVerb
{
    /// <summary>Enough for every fold to hold two images of every digit.</summary>
    private const int FewestImages = 100;

    private readonly Option<string> _output = new("--output")
    {
        Description = "The page to write: one file that opens offline.",
        HelpName = "file.html",
        DefaultValueFactory = _ => "demo.html",
    };

    private readonly Option<int> _images = new("--images")
    {
        Description = $"Only the first images of the {Digits.Available}.",
        HelpName = "n",
        DefaultValueFactory = _ => Digits.Available,
        CustomParser = result => OptionNumber.Integer(
            result, "--images", FewestImages, Digits.Available, $"from {FewestImages} to {Digits.Available} are needed"),
    };

    /// <summary>Declares the verb.</summary>
    public DemoCommand()
        : base(
            "demo",
            "Fuse handwritten digits in five views by kernels, on every device of this machine: speed, agreement, accuracy, and a page.",
            "demo",
            "demo --device cuda:0 --output digits.html",
            "demo --images 600 --json")
    {
        Add(_output);
        Add(_images);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string output = arguments.GetRequiredValue(_output);
        OutputFile.Require(output);
        bool float64 = IsFloat64(arguments);
        DemoResult result = float64 ? Run<double>(arguments, terminal, cancellation) : Run<float>(arguments, terminal, cancellation);
        using (AtomicFile page = new(output))
        {
            page.Stream.Write(Encoding.UTF8.GetBytes(DemoPage.Build(result)));
            page.Commit();
        }

        result = result with { Page = output };
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result);
        if (result.FirstFailure is { } failed) throw new DeviceException($"{failed.Device}: {failed.Error}");
        return ExitCode.Success;
    }

    private DemoResult Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Digits digits = Digits.Load(arguments.GetValue(_images));
        List<OpenedDevice> devices = OpenDevices(arguments, typeof(T) == typeof(double));
        try
        {
            return terminal.WithProgress("demo", progress => new DemoRun<T>(digits, arguments.GetValue(Threads), progress, cancellation).Run(devices));
        }
        finally
        {
            foreach (OpenedDevice device in devices) device.Dispose();
        }
    }

    private static void Show(IAnsiConsole console, DemoResult result)
    {
        console.MarkupLineInterpolated($"[bold]{result.Images} handwritten digits in {result.Views.Count - 2} views[/], {result.Precision}, {result.Folds} stratified folds");
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumns("device", "view");
        foreach (string name in (ReadOnlySpan<string>)["images", "features", "time", "GFLOP/s", "of peak", "deviation", "accuracy"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (DemoDevice device in result.Devices)
        {
            foreach (DemoRow row in result.Rows.Where(row => row.Device == device.Name)) AddRow(table, row);
            table.AddEmptyRow();
        }

        table.RemoveRow(table.Rows.Count - 1);
        console.Write(table);
        foreach (DemoDevice device in result.Devices)
        {
            string peak = device.PeakGflops is { } gflops ? $": measured peak {Units.Flops(gflops * 1e9)}" : "";
            string remark = device.IsSimulated ? "; simulated, on few images, only to check the kernels" : "";
            console.MarkupLineInterpolated($"{device.Name} {device.Model}{peak}{remark}");
        }

        DemoAccuracy fused = result.Views[^1], best = result.Views.Where(view => DemoPage.IsSingle(view.Name)).MaxBy(view => view.Accuracy)!;
        console.MarkupLineInterpolated(
            $"accuracy: majority class {Units.Percent(result.MajorityAccuracy, 1)}, best single view {Units.Percent(best.Accuracy, 1)} ({best.Name}), [bold]fused {Units.Percent(fused.Accuracy, 1)}[/]");
        console.MarkupLineInterpolated($"page: [green]{result.Page}[/]");
    }

    private static void AddRow(Table table, DemoRow row)
    {
        string name = row.View == DemoKernel.Fused ? $"[bold]{row.View}[/]" : row.View;
        string accuracy = row.Accuracy is { } part ? Units.Percent(part, 1) : "";
        string images = row.Images.ToString(CultureInfo.InvariantCulture), features = row.Features.ToString(CultureInfo.InvariantCulture);
        if (row.Error is { } error)
        {
            table.AddRow(Markup.Escape(row.Device), name, images, features, $"[red]{Markup.Escape(error)}[/]", "", "", "", accuracy);
            return;
        }

        table.AddRow(
            Markup.Escape(row.Device),
            name,
            images,
            features,
            Units.Seconds(row.Seconds!.Value),
            Units.Significant(row.Gflops!.Value),
            Units.Percent(row.FractionOfPeak!.Value),
            Units.Deviation(row.LargestDeviation!.Value),
            accuracy);
    }
}
