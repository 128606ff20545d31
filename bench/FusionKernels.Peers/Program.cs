using System.CommandLine;
using FusionKernels.Bench;
using FusionKernels.Peers;

Option<int> rounds = new("--rounds")
{
    Description = "Rounds in which the libraries alternate.",
    HelpName = "N",
    DefaultValueFactory = _ => 15,
};
Option<string?> machine = new("--machine") { Description = "The folder of the results; by default the processor's model.", HelpName = "NAME" };
Option<string> output = new("--output")
{
    Description = "The folder of all machines' results.",
    HelpName = "FOLDER",
    DefaultValueFactory = _ => ResultFiles.DefaultFolder,
};
Option<string[]> filter = new("--filter")
{
    Description = "Only contests whose name contains it; may be repeated.",
    HelpName = "TEXT",
    DefaultValueFactory = _ => [],
};
Option<bool> tiny = new("--tiny") { Description = "Take the smallest sizes, to see that everything runs; the numbers mean nothing." };
Option<bool> oracle = new("--oracle") { Description = "Instead, hold attention, and values, gradients and optimizers of the learning engine, against libtorch's in float64; exit code 1 where they differ." };
RootCommand command = new("Measures this library and its peers side by side on the processor, in one run, with the same threads.")
{
    rounds, filter, machine, output, tiny, oracle,
};
command.SetAction(parsed =>
{
    if (parsed.GetValue(oracle)) return TorchOracle.Run(Console.Out);
    PeersRun.Execute(Math.Max(1, parsed.GetValue(rounds)), parsed.GetValue(filter)!, parsed.GetValue(tiny), parsed.GetValue(machine), parsed.GetValue(output)!);
    return 0;
});
return command.Parse(args).Invoke();
