namespace FusionKernels.Cli;

/// <summary>Checks a file that is to be written before the work for it begins.</summary>
internal static class OutputFile
{
    /// <summary>Requires a place where a file can be, which is none of the inputs.</summary>
    /// <exception cref="DataException">There is no such folder, or a folder has the name.</exception>
    /// <exception cref="UsageException">The file is an input.</exception>
    public static void Require(string output, params ReadOnlySpan<string> inputs) => RequirePlace("--output", output, inputs);

    /// <summary>The same for a file of some kind, named by some option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="output">What was typed behind it.</param>
    /// <param name="extension">How the name must end, with its dot.</param>
    /// <param name="inputs">The files that are read.</param>
    /// <exception cref="UsageException">The file is an input, or its name ends in another way.</exception>
    /// <exception cref="DataException">There is no such folder, or a folder has the name.</exception>
    public static void RequireKind(string option, string output, string extension, params ReadOnlySpan<string> inputs)
    {
        if (!Path.GetExtension(output).Equals(extension, StringComparison.OrdinalIgnoreCase)) throw new UsageException($"{option} {output}: the name must end in {extension}");
        RequirePlace(option, output, inputs);
    }

    /// <summary>Writes a text file, in UTF-8, that appears when it is complete.</summary>
    public static void WriteText(string path, string text) => AtomicFile.WriteText(path, text);

    private static void RequirePlace(string option, string path, ReadOnlySpan<string> inputs)
    {
        if (path.Length == 0) throw new UsageException($"{option}: name a file");
        if (Directory.Exists(path)) throw new DataException($"{option} {path} is a folder; name a file");
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw new DataException($"{option} {path}: there is no folder {Path.GetDirectoryName(full)}");
        foreach (string input in inputs)
        {
            if (Path.GetFullPath(input) == full) throw new UsageException($"{option} {path} would overwrite an input");
        }
    }
}
