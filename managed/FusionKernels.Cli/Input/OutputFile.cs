namespace FusionKernels.Cli;

/// <summary>Checks a file that is to be written before the work for it begins.</summary>
internal static class OutputFile
{
    /// <summary>Requires a place where a file can be, which is none of the inputs.</summary>
    /// <exception cref="DataException">There is no such folder, or a folder has the name.</exception>
    /// <exception cref="UsageException">The file is an input.</exception>
    public static void Require(string output, params ReadOnlySpan<string> inputs)
    {
        if (output.Length == 0) throw new UsageException("--output: name a file");
        if (Directory.Exists(output)) throw new DataException($"--output {output} is a folder; name a file");
        string full = Path.GetFullPath(output);
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw new DataException($"--output {output}: there is no folder {Path.GetDirectoryName(full)}");
        foreach (string input in inputs)
        {
            if (Path.GetFullPath(input) == full) throw new UsageException($"--output {output} would overwrite an input");
        }
    }
}
