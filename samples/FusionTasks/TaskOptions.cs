namespace FusionTasks;

/// <summary>What the command line asks for.</summary>
/// <param name="Data">The folder of the data sets.</param>
/// <param name="Folder">The folder of an utterance-level set; null for a synthetic one.</param>
/// <param name="Seed">What folds, draws and initial weights follow from.</param>
/// <param name="IsTiny">Whether a few rows and folds will do: to see that a task runs, not what it reaches.</param>
/// <param name="Threads">Threads; 0 for one per core.</param>
/// <param name="Out">Where lines go.</param>
internal sealed record TaskOptions(string Data, string? Folder, int Seed, bool IsTiny, int Threads, TextWriter Out)
{
    /// <summary>The path of a file or folder of the data.</summary>
    /// <exception cref="DataAbsentException">It is not there.</exception>
    public string Require(string relative)
    {
        string path = Path.Combine(Data, relative);
        return File.Exists(path) || Directory.Exists(path) ? path : throw new DataAbsentException($"{relative} is not in {(Data.Length > 0 ? Data : "any folder that was named")}: pass --data FOLDER or set FUSIONKERNELS_DATA");
    }
}
