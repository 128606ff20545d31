namespace FusionKernels.Tests.Fuzz;

/// <summary>Files that once failed, and others worth damaging further: <c>Corpus/READER/NAME</c>, all made here.</summary>
internal static class FuzzCorpus
{
    private const string Prefix = "Corpus/";

    /// <summary>The readers that have one.</summary>
    public static IEnumerable<string> Readers =>
        typeof(FuzzCorpus).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name.Split('/')[1]).Distinct();

    /// <summary>The files of a reader.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Of(string reader)
    {
        System.Reflection.Assembly assembly = typeof(FuzzCorpus).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{Prefix}{reader}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            using MemoryStream copy = new();
            stream.CopyTo(copy);
            yield return (name, copy.ToArray());
        }
    }
}
