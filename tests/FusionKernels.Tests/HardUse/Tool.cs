using System.Diagnostics;

namespace FusionKernels.Tests.HardUse;

/// <summary>The tool in a process of its own.</summary>
internal static class Tool
{
    /// <summary>Starts it: its executable where the runtime stands beside it, else by way of dotnet.</summary>
    public static Process Start(params IReadOnlyList<string> arguments) => Start(heapBytes: 0, arguments);

    /// <summary>Starts it with so much memory for its objects at most; 0 for as much as the machine has.</summary>
    public static Process Start(long heapBytes, IReadOnlyList<string> arguments)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "FusionKernels.Cli");
        ProcessStartInfo start = File.Exists(Path.Combine(AppContext.BaseDirectory, "libcoreclr.so"))
            ? new(tool, arguments)
            : new("dotnet", [tool + ".dll", .. arguments]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        if (heapBytes > 0) start.Environment["DOTNET_GCHeapHardLimit"] = heapBytes.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    /// <summary>Waits for its end: the exit code, and what it said.</summary>
    public static (int Code, string Output, string Error) End(Process tool)
    {
        Task<string> error = tool.StandardError.ReadToEndAsync();
        string output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return (tool.ExitCode, output, error.Result);
    }
}
