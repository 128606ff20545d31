namespace FusionKernels.Tests;

/// <summary>A folder of a test's own that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fusionkernels-");

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(folder.FullName, name);

    /// <summary>The names of the files in the folder.</summary>
    public IEnumerable<string> Names => folder.EnumerateFiles().Select(file => file.Name);

    /// <summary>Writes a file into the folder and gives its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
