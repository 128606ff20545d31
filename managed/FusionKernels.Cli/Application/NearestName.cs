namespace FusionKernels.Cli;

/// <summary>Finds what a mistyped name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate that takes the fewest edits, or null when none is near: more than two edits, or more than half of the letters.</summary>
    public static string? Of(string typed, IEnumerable<string> candidates)
    {
        string wanted = Plain(typed);
        (string Name, int Edits)[] ranked = [.. candidates.Select(name => (name, Distance(wanted, Plain(name)))).OrderBy(one => one.Item2)];
        if (ranked.Length > 0 && ranked[0].Edits <= Math.Min(2, wanted.Length / 2)) return ranked[0].Name;
        // An abbreviation is no slip of the finger, but as clear: "poly", "chi".
        (string Name, int Edits)[] longer = [.. ranked.Where(one => wanted.Length >= 3 && Plain(one.Name).StartsWith(wanted, StringComparison.Ordinal))];
        return longer.Length > 0 ? longer[0].Name : null;
    }

    /// <summary>The end of a message: <c>, did you mean 'rbf'?</c>, or nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> candidates) =>
        Of(typed, candidates) is { } nearest ? $", did you mean '{nearest}'?" : "";

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours (Damerau-Levenshtein, adjacent swaps only).</summary>
    private static int Distance(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replaced, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }

        return edits[a.Length, b.Length];
    }
}
