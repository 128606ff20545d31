namespace FusionKernels.Bench;

/// <summary>Machines and devices side by side, each case against a baseline.</summary>
internal sealed class Comparison
{
    private Comparison(IReadOnlyList<ComparedColumn> columns, ComparedColumn baseline, IReadOnlyList<ComparedCase> cases) => (Columns, Baseline, Cases) = (columns, baseline, cases);

    /// <summary>The devices.</summary>
    public IReadOnlyList<ComparedColumn> Columns { get; }

    /// <summary>The one that the others are measured by.</summary>
    public ComparedColumn Baseline { get; }

    /// <summary>The cases that more than one device or the baseline has.</summary>
    public IReadOnlyList<ComparedCase> Cases { get; }

    /// <summary>The families that have cases, in the suite's order.</summary>
    public IEnumerable<string> Families => CaseCatalog.Families.Where(family => Cases.Any(one => one.Family == family));

    /// <summary>Puts results side by side.</summary>
    /// <param name="names">What each file is called where two machines bear one name.</param>
    /// <param name="results">The files' contents.</param>
    /// <param name="baseline">The number of the file whose first device is the baseline.</param>
    public static Comparison Of(IReadOnlyList<string> names, IReadOnlyList<BenchResults> results, int baseline = 0)
    {
        bool sameNames = results.Select(one => one.Machine.Name).Distinct().Count() < results.Count;
        List<ComparedColumn> columns = [];
        ComparedColumn? first = null;
        for (int i = 0; i < results.Count; i++)
        {
            string machine = sameNames ? names[i] : results[i].Machine.Name;
            foreach (DeviceResult device in results[i].Devices)
            {
                columns.Add(new(results[i].Devices.Count > 1 ? $"{machine}, {device.Description.Name}" : machine, results[i], device));
                if (i == baseline) first ??= columns[^1];
            }
        }

        ComparedColumn chosen = first ?? throw new ArgumentException($"{names[baseline]} has no device");
        List<string> order = [.. CaseCatalog.Families];
        IEnumerable<ComparedCase> cases = columns
            .SelectMany(column => column.Results.Rows.Where(row => row.Device == column.Device.Description.Name).Select(row => (Key: ComparedColumn.KeyOf(row, column.Results.Machine), row.Family)))
            .DistinctBy(one => one.Key)
            .Select(one => new ComparedCase(one.Key, one.Family, [.. columns.Select(column => column.Of(one.Key))], columns.IndexOf(chosen)));
        return new(columns, chosen, [.. cases.OrderBy(one => order.IndexOf(one.Family))]);
    }

    /// <summary>How a device compares in a family, or in all: the geometric mean over the cases that both have; null where there are none.</summary>
    public SpeedRatio? Mean(int column, string? family = null)
    {
        SpeedRatio[] ratios = [.. Cases.Where(one => family is null || one.Family == family).Select(one => one.Ratio(column)).OfType<SpeedRatio>()];
        return ratios.Length == 0 ? null : SpeedRatio.Mean(ratios);
    }

    /// <summary>What a person reads in ten seconds: a sentence for each device beside the baseline.</summary>
    public IEnumerable<string> Summary()
    {
        if (Columns.Count == 1) yield return Alone();
        for (int column = 0; column < Columns.Count; column++)
        {
            if (Columns[column] == Baseline) continue;
            if (Mean(column) is not { } all)
            {
                yield return $"{Columns[column].Name} has no case in common with {Baseline.Name}.";
                continue;
            }

            int noise = Cases.Count(one => one.Ratio(column) is { IsNoise: true }), count = Cases.Count(one => one.Ratio(column) is not null);
            string families = string.Join(", ", Families.Select(family => (family, ratio: Mean(column, family))).Where(one => one.ratio is not null).Select(one => $"{one.family} {Times(one.ratio!.Value)}"));
            yield return $"{Columns[column].Name} is {(all.IsNoise ? "as fast as" : $"{Times(all)} as fast as")} {Baseline.Name} over {count} cases ({families}){(noise > 0 ? $"; {noise} of them differ by noise alone" : "")}.";
        }
    }

    /// <summary>What is to be said of one device: how near it comes to its own peaks.</summary>
    private string Alone()
    {
        ResultRow[] bounded = [.. Cases.Select(one => one.Rows[0]).OfType<ResultRow>().Where(row => row.PercentOfPeak is not null).OrderBy(row => row.PercentOfPeak)];
        if (bounded.Length == 0) return $"{Baseline.Name} stands alone: give a second file to compare with.";
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Baseline.Name} alone: half of {bounded.Length} cases reach {bounded[bounded.Length / 2].PercentOfPeak:0} % or more of what its measured peaks allow, {bounded[^1].Case} {bounded[^1].PercentOfPeak:0} %. Give a second file to compare with.");
    }

    private static string Times(SpeedRatio ratio) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ratio.Value:0.00}x");
}

/// <summary>One case on all devices.</summary>
/// <param name="Key">Case, precision and cores.</param>
/// <param name="Family">The family of kernels.</param>
/// <param name="Rows">By device; null where it was not measured.</param>
/// <param name="Baseline">The number of the baseline's device.</param>
internal sealed record ComparedCase(string Key, string Family, IReadOnlyList<ResultRow?> Rows, int Baseline)
{
    /// <summary>How a device compares with the baseline; null where one of them has no figure, and for the baseline itself.</summary>
    public SpeedRatio? Ratio(int column) =>
        column != Baseline && Rows[column] is { } row && Rows[Baseline] is { } other && Throughput.Of(row).Unit == Throughput.Of(other).Unit ? Throughput.Of(row).Over(Throughput.Of(other)) : null;
}
