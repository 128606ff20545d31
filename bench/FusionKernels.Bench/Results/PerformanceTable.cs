using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FusionKernels.Bench;

/// <summary>The README's tables of speeds, made of a machine's <c>peers.json</c> and of the GPUs that were measured.</summary>
internal static partial class PerformanceTable
{
    private const string Ours = "FusionKernels", End = "<!-- performance: end -->";

    /// <summary>More libraries beside one case make a line that nobody reads; bench/results has them all.</summary>
    private const int MostPeers = 2;

    private static readonly Dictionary<string, string> s_titles = new()
    {
        ["gemm"] = "matrix product",
        ["rbf-d64"] = "RBF Gram matrix",
        ["rbf-d512"] = "RBF Gram matrix",
        ["cca-d512"] = "canonical correlation",
        ["eigen"] = "symmetric eigenproblem, float64",
        ["eigen-batched"] = "symmetric eigenproblems, float64",
        ["svd-top"] = "largest singular values, float64",
        ["attention"] = "attention",
        ["attention-causal"] = "attention, causal",
        ["attention-mask"] = "attention, a dense mask",
        ["attention-bias"] = "attention, a bias added",
        ["attention-gradients"] = "attention with gradients",
        ["attention-decode"] = "attention of one query to a cache",
        ["train-mlp"] = "training step of a perceptron",
        ["train-tiny"] = "training step of a tiny perceptron",
        ["train-transformer"] = "training step of a transformer block",
        ["train-dcca"] = "epoch of deep canonical correlation",
        ["graph-epoch"] = "epoch of graph convolutions",
        ["kernel-svm"] = "support vector machine, float64",
        ["alignf"] = "weights of kernels by alignment",
        ["dtw"] = "all pairs",
        ["dtw-radius25"] = "all pairs",
        ["dtw-ragged"] = "all pairs, lengths that differ",
        ["dtw-channels"] = "all pairs",
        ["dtw-pair"] = "distance",
        ["soft-dtw"] = "soft values of all pairs",
        ["dtw-search"] = "search",
    };

    /// <summary>The page with the tables of a machine in their place.</summary>
    /// <param name="page">A page with the two marks.</param>
    /// <param name="folder">The folder of all machines' results.</param>
    /// <param name="machine">The machine; null for the one that the page shows.</param>
    /// <exception cref="ArgumentException">The page has no marks.</exception>
    public static string Into(string page, string folder, string? machine)
    {
        Match begin = Begin().Match(page);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        if (!begin.Success || end < begin.Index) throw new ArgumentException($"the page has no '<!-- performance of MACHINE: begin -->' before a '{End}'");
        machine ??= begin.Groups[1].Value;
        return $"{page[..begin.Index]}<!-- performance of {machine}: begin -->\n{Of(folder, machine)}{page[end..]}";
    }

    private static string Of(string folder, string machine)
    {
        PeerResults peers = Read<PeerResults>(Path.Combine(folder, machine, "peers.json"));
        RateRow peak = peers.Device.Rates.Where(rate => rate.Precision == "float32").MaxBy(rate => rate.Threads)!;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"On {peers.Machine.Cores} logical cores of {peers.Machine.Processor}, {peers.Machine.Simd}-bit SIMD ([all figures and versions](bench/results/{machine}/peers.md), {peers.Machine.Date[..10]}); best times, float32 unless said otherwise. ");
        text.Append($"The floor is the time that multiply-adds, exponentials and memory would take at their measured peaks ({Format.Number(peak.Gflops)} GFLOP/s, {Format.Number(peak.GigaExponentials)} Gexp/s, {Format.Number(peak.ReadGigabytesPerSecond)} GB/s read) if they overlapped completely. A ratio below 1 says that the other library was faster.{(peers.Rows.Any(row => row.PercentOfPeak > 100) ? " More than 100 % says that the peak was measured at a worse moment than the case." : "")}\n\n");
        text.Append("| case | threads | time | of the floor | beside, with the same threads (libsvm has one) |\n|---|---|---|---|---|\n");
        List<PeerRow> some = [.. peers.Rows.Where(row => row.Absent is null && !Short().IsMatch(row.Case))];
        foreach (IGrouping<string, PeerRow> one in some.GroupBy(row => row.Case)) AppendCase(text, [.. one]);
        AppendShort(text, [.. peers.Rows.Where(row => row.Absent is null && row.RatioOfBests is not null && Short().IsMatch(row.Case))]);
        if (peers.Warping.Count > 0)
        {
            text.Append("\nWarping on one thread of the same machine; GCUPS are 10^9 cells of alignment tables inside the window per second.\n\n| case | speed | beside |\n|---|---|---|\n");
            foreach (IGrouping<string, RatedRow> one in peers.Warping.Where(row => row.Absent is null && row.Threads == 1).GroupBy(row => row.Case)) AppendRated(text, [.. one]);
        }

        AppendDevices(text, folder);
        return text.ToString();
    }

    private static void AppendCase(StringBuilder text, PeerRow[] rows)
    {
        int most = rows.Max(row => row.Threads);
        if (rows.FirstOrDefault(row => row.Library == Ours && row.Threads == most) is not { } ours) return;
        string beside = string.Join("; ", rows.Where(row => row.Threads == most && row.RatioOfBests is not null).Take(MostPeers).Select(row =>
        {
            PeerRow? alone = most == 1 ? null : rows.FirstOrDefault(other => other.Threads == 1 && other.Library == row.Library);
            return $"{row.Library} {Ratio(row.RatioOfBests)}{(alone?.RatioOfBests is null ? "" : $" (one thread: {Ratio(alone.RatioOfBests)})")}";
        }));
        string floor = ours.PercentOfPeak is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0} %") : "";
        text.Append($"| {Title(ours.Case)}, {ours.Shape} | {most} | {Format.Time(ours.BestSeconds!.Value)} | {floor} | {beside} |\n");
    }

    /// <summary>Many small shapes as one line: from the least to the greatest ratio.</summary>
    private static void AppendShort(StringBuilder text, PeerRow[] rows)
    {
        if (rows.Length == 0) return;
        int[][] sizes = [.. rows.Select(row => Short().Match(row.Case)).Select(match => new[] { int.Parse(match.Groups[1].Value, null), int.Parse(match.Groups[2].Value, null) })];
        text.Append(CultureInfo.InvariantCulture, $"| attention, {sizes.Min(size => size[0])} to {sizes.Max(size => size[0])} queries and keys, {sizes.Min(size => size[1])} to {sizes.Max(size => size[1])} wide, {rows.Length} shapes | {rows[0].Threads} | | | {rows[0].Library} {Ratio(rows.Min(row => row.RatioOfBests))} to {Ratio(rows.Max(row => row.RatioOfBests))} |\n");
    }

    private static void AppendRated(StringBuilder text, RatedRow[] rows)
    {
        if (rows.FirstOrDefault(row => row.Library == Ours) is not { } ours) return;
        string variants = string.Concat(rows.Where(row => row.Library.StartsWith($"{Ours}, ", StringComparison.Ordinal)).Select(row => $"; {row.Library[(Ours.Length + 2)..]}: {Format.Number(row.Rate)}"));
        string beside = string.Join("; ", rows.Where(row => !row.Library.StartsWith(Ours, StringComparison.Ordinal) && row.RatioOfBests is not null).Take(MostPeers).Select(row => $"{row.Library} {Ratio(row.RatioOfBests)}"));
        text.Append($"| {Title(ours.Case)}, {ours.Shape} | {Format.Number(ours.Rate)} {ours.Unit}{variants} | {beside} |\n");
    }

    private static void AppendDevices(StringBuilder text, string folder)
    {
        bool any = false;
        foreach (string file in Directory.GetFiles(folder, "quick.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            BenchResults results = Read<BenchResults>(file);
            foreach (DeviceResult device in results.Devices.Where(device => device.Description.Kind == DeviceKind.Cuda))
            {
                any = true;
                string machine = Path.GetFileName(Path.GetDirectoryName(file)!);
                text.Append($"\nOn {device.Description.Model} ({device.Description.Platform}; [all figures](bench/results/{machine}/quick.md), {results.Machine.Date[..10]}), operands on the device, median times:\n\n| case | precision | time | speed | of the floor |\n|---|---|---|---|---|\n");
                foreach (ResultRow row in results.Rows.Where(row => row.Device == device.Description.Name))
                {
                    (double value, _, _, string unit) = Throughput.Of(row);
                    string floor = row.PercentOfPeak is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0} %") : "";
                    text.Append($"| {Title(row.Case)}, {row.Shape} | {row.Precision} | {Format.Time(row.Seconds)} | {Format.Number(value)} {unit} | {floor} |\n");
                }
            }
        }

        if (!any) text.Append("\nNo GPU has been measured yet. On CUDA the kernels are compiled to PTX and checked there; they run in the tests on OpenCL and on simulated devices.\n");
    }

    private static string Title(string name) => s_titles.GetValueOrDefault(name, name);

    private static string Ratio(double? ratio) => ratio < 10
        ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x")
        : string.Create(CultureInfo.InvariantCulture, $"{ratio:0}x");

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(file), ResultFiles.Json)!;

    [GeneratedRegex("<!-- performance of ([^:]+): begin -->\n")]
    private static partial Regex Begin();

    [GeneratedRegex(@"^attention-l(\d+)-d(\d+)$")]
    private static partial Regex Short();
}
