using System.Globalization;

namespace FusionKernels;

/// <content>The patterns of the literature, as the dtw package of R lists them.</content>
public sealed partial class StepPattern
{
    // Made on first use: the order in which the static properties of several files begin is not fixed.
    private static readonly Lazy<StepPattern[]> Table = new(() => [.. All()]);

    /// <summary>Every sample of x once, those of y 0 to 2 times: (1, 0), (1, 1), (1, 2). Normalised by the length of x.</summary>
    public static StepPattern Asymmetric { get; } = Parse("asymmetric", "1,0: 1 | 1,1: 1 | 1,2: 1", StepNormalization.X);

    /// <summary>Every pair of samples moves on in both series; only for equal lengths, or open ends.</summary>
    public static StepPattern Rigid { get; } = Parse("rigid", "1,1: 1", StepNormalization.X);

    /// <summary>Mori et al. 2006: normalised by the length of y.</summary>
    public static StepPattern Mori2006 { get; } = Parse("mori2006", "2,1: 2@1,0 1 | 1,1: 3 | 1,2: 3@0,1 3", StepNormalization.Y);

    /// <summary>The names that <see cref="ByName"/> knows, in order, but for the forms of <see cref="RabinerJuang"/> and <see cref="MinimumVariance"/>.</summary>
    public static IReadOnlyList<string> Names => [.. Table.Value.Select(pattern => pattern.Name)];

    /// <summary>The pattern of a name; case does not matter.</summary>
    /// <param name="name">
    /// One of <see cref="Names"/>; <c>rj</c>, a type of 1 to 7, a weighting of a to d and <c>s</c> if smoothed, as in <c>rj4c</c> and
    /// <c>rj2ds</c>, for <see cref="RabinerJuang"/>; or <c>mvm</c> and an elasticity of 1 to 16, as in <c>mvm10</c>, for <see cref="MinimumVariance"/>.
    /// </param>
    /// <exception cref="ArgumentException">No pattern has that name.</exception>
    public static StepPattern ByName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        StepPattern? pattern = Array.Find(Table.Value, pattern => pattern.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (pattern is not null) return pattern;
        string lower = name.ToLowerInvariant();
        if (lower is ['r', 'j', >= '1' and <= '7', >= 'a' and <= 'd', ..] && (lower.Length == 4 || lower[4..] == "s"))
        {
            return RabinerJuang(lower[2] - '0', (StepWeighting)(lower[3] - 'a'), smoothed: lower.Length == 5);
        }

        if (lower.StartsWith("mvm", StringComparison.Ordinal) && int.TryParse(lower.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int elasticity) && elasticity is >= 1 and <= MaxReach)
        {
            return MinimumVariance(elasticity);
        }

        throw new ArgumentException($"no step pattern is called '{name}': take one of {string.Join(", ", Names)}, rj1a to rj7d (rj1as to rj7ds smoothed), mvm1 to mvm{MaxReach}", nameof(name));
    }

    /// <summary>The minimum variance matching of Latecki et al. 2007: each sample of x once, samples of y left out between them.</summary>
    /// <param name="elasticity">Samples of y that a step goes on at most, 1 to <see cref="MaxReach"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elasticity is outside that range.</exception>
    public static StepPattern MinimumVariance(int elasticity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elasticity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elasticity, MaxReach);
        return new($"mvm{elasticity}", [.. Enumerable.Range(1, elasticity).Select(columns => Single(1, columns, 1))], StepNormalization.X);
    }

    private static IEnumerable<StepPattern> All() =>
    [
        Symmetric1,
        Symmetric2,
        Asymmetric,
        Parse("symmetricP0", "1,1: 2 | 0,1: 1 | 1,0: 1", StepNormalization.XPlusY),
        Parse("asymmetricP0", "0,1: 0 | 1,1: 1 | 1,0: 1", StepNormalization.X),
        Parse("symmetricP05", "1,3: 2@0,2 1@0,1 1 | 1,2: 2@0,1 1 | 1,1: 2 | 2,1: 2@1,0 1 | 3,1: 2@2,0 1@1,0 1", StepNormalization.XPlusY),
        Parse("asymmetricP05", "1,3: 1/3@0,2 1/3@0,1 1/3 | 1,2: 1/2@0,1 1/2 | 1,1: 1 | 2,1: 1@1,0 1 | 3,1: 1@2,0 1@1,0 1", StepNormalization.X),
        Parse("symmetricP1", "1,2: 2@0,1 1 | 1,1: 2 | 2,1: 2@1,0 1", StepNormalization.XPlusY),
        Parse("asymmetricP1", "1,2: 1/2@0,1 1/2 | 1,1: 1 | 2,1: 1@1,0 1", StepNormalization.X),
        Parse("symmetricP2", "2,3: 2@1,2 2@0,1 1 | 1,1: 2 | 3,2: 2@2,1 2@1,0 1", StepNormalization.XPlusY),
        Parse("asymmetricP2", "2,3: 2/3@1,2 2/3@0,1 2/3 | 1,1: 1 | 3,2: 1@2,1 1@1,0 1", StepNormalization.X),
        Parse("typeIa", "2,1: 1@1,0 0 | 1,1: 1 | 1,2: 1@0,1 0", StepNormalization.None),
        Parse("typeIb", "2,1: 1@1,0 1 | 1,1: 1 | 1,2: 1@0,1 1", StepNormalization.None),
        Parse("typeIc", "2,1: 1@1,0 1 | 1,1: 1 | 1,2: 1@0,1 0", StepNormalization.X),
        Parse("typeId", "2,1: 2@1,0 1 | 1,1: 2 | 1,2: 2@0,1 1", StepNormalization.XPlusY),
        Parse("typeIas", "2,1: 1/2@1,0 1/2 | 1,1: 1 | 1,2: 1/2@0,1 1/2", StepNormalization.None),
        Parse("typeIbs", "2,1: 1@1,0 1 | 1,1: 1 | 1,2: 1@0,1 1", StepNormalization.None),
        Parse("typeIcs", "2,1: 1@1,0 1 | 1,1: 1 | 1,2: 1/2@0,1 1/2", StepNormalization.X),
        Parse("typeIds", "2,1: 3/2@1,0 3/2 | 1,1: 2 | 1,2: 3/2@0,1 3/2", StepNormalization.XPlusY),
        Parse("typeIIa", "1,1: 1 | 1,2: 1 | 2,1: 1", StepNormalization.None),
        Parse("typeIIb", "1,1: 1 | 1,2: 2 | 2,1: 2", StepNormalization.None),
        Parse("typeIIc", "1,1: 1 | 1,2: 1 | 2,1: 2", StepNormalization.X),
        Parse("typeIId", "1,1: 2 | 1,2: 3 | 2,1: 3", StepNormalization.XPlusY),
        Parse("typeIIIc", "1,2: 1 | 1,1: 1 | 2,1: 1@1,0 1 | 2,2: 1@1,0 1", StepNormalization.X),
        Parse("typeIVc", "1,1: 1 | 1,2: 1 | 1,3: 1 | 2,1: 1@1,0 1 | 2,2: 1@1,0 1 | 2,3: 1@1,0 1 | 3,1: 1@2,0 1@1,0 1 | 3,2: 1@2,0 1@1,0 1 | 3,3: 1@2,0 1@1,0 1", StepNormalization.X),
        Mori2006,
        Rigid,
    ];

    /// <summary>Reads steps: <c>rows,columns: weight@cell ... weight | ...</c>, a weight without a cell standing for (0, 0).</summary>
    private static StepPattern Parse(string name, string steps, StepNormalization normalization)
    {
        return new(name, [.. steps.Split('|').Select(Step)], normalization);

        static WarpingStep Step(string text)
        {
            string[] parts = text.Split(':');
            (int rows, int columns) = Cell(parts[0]);
            return new(rows, columns, [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Weighted)]);
        }

        static StepCell Weighted(string text)
        {
            string[] parts = text.Split('@');
            (int rows, int columns) = parts.Length == 2 ? Cell(parts[1]) : (0, 0);
            return new(rows, columns, parts[0].Split('/') is [string part, string whole] ? Number(part) / (double)Number(whole) : Number(parts[0]));
        }

        static (int Rows, int Columns) Cell(string text) => text.Split(',') is [string rows, string columns] ? (Number(rows), Number(columns)) : throw new FormatException(text);

        static int Number(string text) => int.Parse(text.AsSpan().Trim(), CultureInfo.InvariantCulture);
    }
}
