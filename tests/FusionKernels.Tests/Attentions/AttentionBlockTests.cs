using System.Globalization;
using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>
/// Blocks of pairs that structure masks are not computed. A dense mask that keeps everything makes an engine count those that are;
/// which pairs are visible is written out here, and so is how an engine cuts them: queries of a head in the lanes of vectors against
/// keys by 128 from the first visible one on (host), or queries of all heads of a group against multiples of a tile (devices).
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed partial class AttentionBlockTests(TestEngine engine)
{
    private const int Heads = 4, GroupSize = 2, Queries = 300, Keys = 700;

    private static readonly Tensor<bool> s_all = Tensor.Create([true], [(nint)1]);

    private static readonly (string Name, AttentionOptions Options, Func<int, int, int, bool> Sees)[] s_structures =
    [
        ("nothing", new(), (_, _, _) => true),
        ("top left", new() { Causal = CausalAlignment.TopLeft }, (_, query, key) => key <= query),
        ("bottom right", new() { Causal = CausalAlignment.BottomRight }, (_, query, key) => key <= query + 400),
        ("window", new() { WindowLeft = 40, WindowRight = 9 }, (_, query, key) => key >= query - 40 && key <= query + 9),
        ("key lengths", new() { KeyLengths = [700, 130] }, (item, _, key) => key < (item == 0 ? 700 : 130)),
        ("prefix", new() { Causal = CausalAlignment.BottomRight, WindowLeft = 20, Prefix = 50 }, (_, query, key) => key < 50 || (key >= query + 380 && key <= query + 400)),
    ];

    [Test]
    public void Structure_leaves_the_blocks_with_a_visible_pair()
    {
        foreach ((string name, AttentionOptions options, Func<int, int, int, bool> sees) in s_structures)
        {
            ExecutionReport? report = null;
            AttentionCase<float> one = new(2, Heads, Heads / GroupSize, Queries, Keys, 4, 4, options with { Device = engine.Device, Mask = s_all, Report = told => report = told });
            AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options);
            long visited = ReportedBlocks.Of(report!), visible = Enumerable.Range(0, 2).Sum(item => Visible(report!.Tiling, Queries, Keys, (query, key) => sees(item, query, key)));
            Assert.That(visited, Is.EqualTo(visible), name);
            Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, one.Options);

            // A pass with queries in the lanes and one with keys there, or three passes over the same tiles.
            long turned = Enumerable.Range(0, 2).Sum(item => Turned(report!.Tiling, (query, key) => sees(item, query, key)));
            Assert.That(ReportedBlocks.Of(report!), Is.EqualTo(engine.Kind == DeviceKind.Host ? visible + turned : 3 * visible), $"{name}, backward");
        }
    }

    [Test]
    public void Packed_sequences_leave_the_blocks_of_the_diagonal()
    {
        int[] starts = [0, 100, 100, 170, 400];
        ExecutionReport? report = null;
        Tensor<float> q = AttentionCase<float>.Random(1, 400, Heads, 4), k = AttentionCase<float>.Random(2, 400, Heads / GroupSize, 4);
        Attention.ForwardPacked(q, k, k, starts, starts, new() { Device = engine.Device, Mask = s_all, Report = told => report = told });
        int[] lengths = [100, 0, 70, 230];
        Assert.That(ReportedBlocks.Of(report!), Is.EqualTo(lengths.Sum(length => Visible(report!.Tiling, length, length, (_, _) => true))));
    }

    /// <summary>Blocks of one item that hold a visible pair, as an engine that tells such a tiling cuts them.</summary>
    private static long Visible(string tiling, int queries, int keys, Func<int, int, bool> sees)
    {
        if (Lanes().Match(tiling) is { Success: true } lanes) return Heads * OnHost(int.Parse(lanes.Groups[1].Value, CultureInfo.InvariantCulture) / 3, queries, keys, sees);
        Match tile = Tile().Match(tiling);
        (int rows, int columns) = (int.Parse(tile.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(tile.Groups[2].Value, CultureInfo.InvariantCulture));
        long blocks = 0;
        for (int first = 0; first < queries * GroupSize; first += rows)
        {
            int start = first / GroupSize, end = Math.Min(first + rows, queries * GroupSize);
            for (int key = 0; key < keys; key += columns) if (Any(start, ((end - 1) / GroupSize) + 1, key, Math.Min(key + columns, keys), sees)) blocks++;
        }

        return Heads / GroupSize * blocks;
    }

    private static long OnHost(int lanes, int queries, int keys, Func<int, int, bool> sees)
    {
        long blocks = 0;
        LaneBlocks cut = new(queries, lanes);
        for (int block = 0; block < cut.Count; block++)
        {
            int start = cut.Start(block), end = start + cut.Length(block);
            int first = Enumerable.Range(0, keys).FirstOrDefault(key => Any(start, end, key, key + 1, sees), keys);
            for (int key = first; key < keys; key += 128) if (Any(start, end, key, Math.Min(key + 128, keys), sees)) blocks++;
        }

        return blocks;
    }

    /// <summary>The same with keys in the lanes against queries by 128; 0 for devices.</summary>
    private static long Turned(string tiling, Func<int, int, bool> sees)
    {
        if (Lanes().Match(tiling) is not { Success: true } lanes) return 0;
        long blocks = 0;
        LaneBlocks cut = new(Keys, int.Parse(lanes.Groups[1].Value, CultureInfo.InvariantCulture) / 3);
        for (int block = 0; block < cut.Count; block++)
        {
            int start = cut.Start(block), end = start + cut.Length(block);
            for (int query = 0; query < Queries; query += 128) if (Any(query, Math.Min(query + 128, Queries), start, end, sees)) blocks++;
        }

        return Heads * blocks;
    }

    private static bool Any(int start, int end, int firstKey, int keyEnd, Func<int, int, bool> sees)
    {
        for (int query = start; query < end; query++)
        {
            for (int key = firstKey; key < keyEnd; key++) if (sees(query, key)) return true;
        }

        return false;
    }

    [GeneratedRegex(@"queries in (\d+) lanes")]
    private static partial Regex Lanes();

    [GeneratedRegex(@"(\d+) x (\d+)")]
    private static partial Regex Tile();
}
