using NUnit.Framework;

namespace FusionKernels.Tests;

/// <summary>Finds the real data that tests read but the project does not carry.</summary>
internal static class SharedData
{
    private const string Variable = "FUSIONKERNELS_DATA";

    /// <summary>The path of a file or folder of the shared data; the test ends as inconclusive, and says so, where it is absent.</summary>
    /// <param name="relativePath">E.g. <c>ucr/GunPoint_TRAIN.ts</c>.</param>
    public static string Require(string relativePath)
    {
        string? root = FindRoot();
        string path = Path.Combine(root ?? "", relativePath);
        bool exists = root is not null && (File.Exists(path) || Directory.Exists(path));
        string message = $"{relativePath} is not there: set {Variable} to the folder of the shared data, or put it beside the checkout as shared/data";
        // An inconclusive result keeps its reason to itself in the runner's short output.
        if (!exists)
            TestContext.Progress.WriteLine($"{TestContext.CurrentContext.Test.Name} did not run: {message}");
        Assume.That(exists, message);
        return path;
    }

    /// <summary>A view of the handwritten digits, the label in its last column; its header is the numbers of its columns.</summary>
    public static CsvTable Handwriting(string view) => Csv.Read(Require($"mfeat/mfeat-{view}.csv"), new() { Header = CsvHeader.Present });

    private static string? FindRoot()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return named;
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
