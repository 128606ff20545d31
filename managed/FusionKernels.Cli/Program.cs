using System.Runtime.InteropServices;
using FusionKernels.Cli;

using CancellationTokenSource interrupted = new();
using PosixSignalRegistration handler = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    // The first Ctrl-C lets the verb clean up; the second ends the process as usual.
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
});

Terminal terminal = new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);
return await CliApplication.RunAsync(args, Console.Out, Console.Error, terminal, interrupted.Token);
