namespace FusionKernels.Cli;

/// <summary>Checks a file that is to be read before a reader opens it.</summary>
internal static class InputFile
{
    /// <summary>Requires a file.</summary>
    /// <exception cref="DataException">There is no such file, or it is a folder.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path)) throw new DataException($"{path} is a folder; name a file");
        if (!File.Exists(path)) throw new DataException($"{path}: no such file");
    }

    /// <summary>The error of a file whose extension no reader is for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">What it was to be read as; empty where that is plain.</param>
    /// <param name="forms">What is read.</param>
    public static DataException NotUnderstood(string path, string use, string forms)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        string purpose = use.Length == 0 ? "" : $" as {use}";
        return new(extension.Length == 0
            ? $"{path}: the name has no extension; {forms} are understood{purpose}"
            : $"{path}: {extension} files are not understood{purpose}; {forms} are");
    }
}
