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
        ProcessStartInfo start = Redirected(Words(arguments));
        if (heapBytes > 0) start.Environment["DOTNET_GCHeapHardLimit"] = heapBytes.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    /// <summary>Starts it so that Ctrl-C reaches it: a shell has what it runs in the background ignore it, and so all that starts from there.</summary>
    public static Process StartInterruptible(params IReadOnlyList<string> arguments) =>
        OperatingSystem.IsLinux() ? Process.Start(Redirected(["env", "--default-signal=INT", .. Words(arguments)]))! : Start(arguments);

    /// <summary>Sends what Ctrl-C sends.</summary>
    public static void Interrupt(Process tool)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -INT {tool.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end: the exit code, and what it said.</summary>
    public static (int Code, string Output, string Error) End(Process tool)
    {
        Task<string> error = tool.StandardError.ReadToEndAsync();
        string output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return (tool.ExitCode, output, error.Result);
    }

    /// <summary>The command line.</summary>
    public static string[] Words(IReadOnlyList<string> arguments)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "FusionKernels.Cli");
        return File.Exists(Path.Combine(AppContext.BaseDirectory, "libcoreclr.so")) ? [tool, .. arguments] : ["dotnet", tool + ".dll", .. arguments];
    }

    private static ProcessStartInfo Redirected(string[] words) => new(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
