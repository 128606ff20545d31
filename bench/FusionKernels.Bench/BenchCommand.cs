using System.CommandLine;

namespace FusionKernels.Bench;

/// <summary>The command line.</summary>
internal static class BenchCommand
{
    /// <summary>The command; its action runs the benchmarks.</summary>
    public static RootCommand Create()
    {
        Option<string> device = new("--device")
        {
            Description = "The device: host, cuda[:i], opencl[:i], ilgpu-cpu, auto, or all of them.",
            HelpName = "NAME|all",
            DefaultValueFactory = _ => "all",
        };
        Option<string[]> filter = new("--filter")
        {
            Description = "Run only cases whose line in --list contains this; * stands for anything. May be given several times.",
            HelpName = "TEXT",
        };
        Option<string?> machine = new("--machine") { Description = "The folder of the results; by default the GPU's or the processor's model.", HelpName = "NAME" };
        Option<string> output = new("--output")
        {
            Description = "The folder of all machines' results.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => ResultFiles.DefaultFolder,
        };
        Option<bool> tiny = new("--tiny") { Description = "Take the smallest sizes, to see that everything runs; the numbers mean nothing." };
        Option<bool> list = new("--list") { Description = "List the cases and run none." };
        Option<string?> learned = new("--learned-table") { Description = "Instead, run the learned methods on the shared data (FUSIONKERNELS_DATA) and write what they reach, in Markdown; --filter chooses.", HelpName = "FILE" };
        Option<int> seeds = new("--seeds") { Description = "Seeds of --learned-table.", HelpName = "N", DefaultValueFactory = _ => 3 };
        Option<bool> fusion = new("--fusion-report") { Description = "Instead, compare all strategies of fusion on the shared data's handwritten digits, with the time each takes, and write fusion.md; --filter names strategies." };
        Option<string?> streaming = new("--streaming") { Description = "Instead, correlate two .npy files of --gigabytes, written to a new folder in this one and deleted afterwards, beside reading them alone, and write streaming.md and streaming.json.", HelpName = "FOLDER" };
        Option<double> gigabytes = new("--gigabytes") { Description = "Size of both files of --streaming, in 10^9 bytes.", HelpName = "N", DefaultValueFactory = _ => StreamingRun.Gigabytes };
        Option<int> columns = new("--columns") { Description = "Columns of each of the two views of --streaming.", HelpName = "N", DefaultValueFactory = _ => StreamingRun.Columns };
        Option<string?> readme = new("--readme") { Description = "Instead, write the tables of --machine's peers.json, and of the GPUs in --output, between the marks of this page.", HelpName = "README.md" };
        RootCommand command = new("Times the cases of 'fusionkernels bench' through BenchmarkDotNet, against the peaks measured in the same run.")
        {
            device, filter, machine, output, tiny, list, learned, seeds, fusion, streaming, gigabytes, columns, readme,
        };
        command.SetAction(parsed =>
        {
            (TextWriter told, TextWriter wrong) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(learned) is { } table) return LearnedTable.Write(table, parsed.GetValue(seeds), parsed.GetValue(filter) ?? [], told, wrong);
            if (parsed.GetValue(readme) is { } page)
            {
                AtomicFile.WriteText(page, PerformanceTable.Into(File.ReadAllText(page), parsed.GetValue(output)!, parsed.GetValue(machine)));
                return 0;
            }

            BenchOptions options = new(
                parsed.GetValue(device)!,
                parsed.GetValue(filter) ?? [],
                parsed.GetValue(machine),
                parsed.GetValue(output)!,
                parsed.GetValue(tiny));
            if (parsed.GetValue(streaming) is { } folder) return StreamingRun.Write(folder, parsed.GetValue(gigabytes), parsed.GetValue(columns), options, told, wrong);
            if (parsed.GetValue(fusion)) return FusionTable.Write(options, told, wrong);
            return BenchProgram.Run(options, parsed.GetValue(list), told, wrong);
        });
        return command;
    }
}
