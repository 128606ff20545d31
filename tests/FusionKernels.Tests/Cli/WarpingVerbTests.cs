using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>soft-dtw, distance, dtw-search, dtw-classify and barycenter.</summary>
[Parallelizable]
internal sealed class WarpingVerbTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _folder.Write("a.csv", "1\n2\n3\n5\n"u8);
        _folder.Write("b.csv", "1\n3\n3\n4\n6\n"u8);
        _folder.Write("zeros.csv", "0\n0\n0\n"u8);
        _folder.Write("train.ts", "@problemName p\n@univariate true\n@equalLength false\n@classLabel true up down\n@data\n0,1,2,3:up\n0,2,3:up\n3,2,1,0:down\n"u8);
        _folder.Write("test.ts", "@problemName p\n@univariate true\n@equalLength false\n@classLabel true up down\n@data\n0,0,1,2,3:up\n3,2,0:up\n3,1,0:down\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Soft_warping_of_zeros_counts_the_alignments()
    {
        // -gamma ln of the Delannoy number D(2, 2) = 13.
        JsonElement json = CliRun.Of("soft-dtw", _folder["zeros.csv"], _folder["zeros.csv"], "--gamma", "0.5", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "value");
        Assert.That(json.GetProperty("value").GetDouble(), Is.EqualTo(-0.5 * Math.Log(13)).Within(1e-14));
    }

    [Test]
    public void Soft_warping_tends_to_the_sum_of_squares()
    {
        JsonElement json = CliRun.Of("soft-dtw", _folder["a.csv"], _folder["b.csv"], "--gamma", "0.001", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("value").GetDouble(), Is.EqualTo(3).Within(0.01));
    }

    [Test]
    public void Divergence_gradient_and_drawing()
    {
        string a = _folder["a.csv"];
        JsonElement json = CliRun.Of("soft-dtw", a, a, "--divergence", "--gradient", _folder["g.npy"], "--plot", _folder["p.svg"], "--json").Succeeded().Json;
        Assert.That(json.GetProperty("value").GetDouble(), Is.Zero.Within(1e-14));
        Tensor<double> gradient = Npy.Read<double>(_folder["g.npy"]);
        Assert.That(gradient.Lengths.ToArray(), Is.EqualTo(new nint[] { 4, 1 }));
        Assert.That(gradient.ToArray(), Is.All.EqualTo(0).Within(1e-14), "equal series are where the divergence is least");
        Assert.That(XDocument.Load(_folder["p.svg"]).Root!.Value, Does.Contain("gamma 1"));
    }

    [TestCase("soft-dtw A B --gamma 0", "--gamma 0", "above 0")]
    [TestCase("soft-dtw A B --gamma -2", "--gamma -2", "above 0")]
    [TestCase("soft-dtw A B --gamma NaN", "--gamma NaN", "finite")]
    [TestCase("soft-dtw A B --gradient g.csv", ".npy")]
    [TestCase("soft-dtw A B --window 1 --slanted 2", "--window and --slanted")]
    [TestCase("distance A B", "--measure")]
    [TestCase("distance A B --measure edrr", "'edrr' is no measure", "did you mean 'edr'?")]
    [TestCase("distance A B --measure euclid", "there are msm, twe")]
    [TestCase("distance A B --measure msm --nu 1", "msm does not take --nu", "it takes --c")]
    [TestCase("distance A B --measure ddtw --g 1", "no parameters")]
    [TestCase("distance A B --measure msm --c -1", "msm", "0 or more")]
    [TestCase("distance A B --measure shapedtw --reach 1.5", "--reach 1.5", "whole number")]
    [TestCase("dtw-search A B --top 0", "--top 0")]
    [TestCase("dtw-search A B --itakura 2", "'--itakura' is no option of dtw-search")]
    [TestCase("dtw-search A B --cost cosine", "cosine")]
    [TestCase("dtw-classify TRAIN TEST --neighbours 4", "--neighbours 4", "only 3 series")]
    [TestCase("dtw-classify TRAIN TEST --neighbours 0", "--neighbours 0")]
    [TestCase("barycenter TRAIN", "--output")]
    [TestCase("barycenter TRAIN --output b.txt", ".npy")]
    [TestCase("barycenter TRAIN --gamma 1 --output b.npy", "--gamma is for --method soft")]
    [TestCase("barycenter TRAIN --method soft --gamma 0 --output b.npy", "--gamma 0")]
    [TestCase("barycenter TRAIN --method medoid --length 3 --output b.npy", "does not take --length")]
    [TestCase("barycenter TRAIN --method mean --output b.npy", "mean")]
    [TestCase("barycenter TRAIN --weights 1,x,1 --output b.npy", "--weights 1,x,1", "0 or more")]
    [TestCase("barycenter TRAIN --weights 1,-1,1 --output b.npy", "--weights 1,-1,1", "0 or more")]
    [TestCase("barycenter TRAIN --weights 0,0,0 --output b.npy", "not all 0")]
    [TestCase("barycenter TRAIN --method medoid --missing skip --output b.npy", "does not take --missing")]
    [TestCase("distance A B --measure msm --missing skip", "skip", "propagate")]
    [TestCase("dtw-search A B --features mfcc", "--features mfcc is for .wav files")]
    public void A_wrong_command_line_is_told_in_one_line(string line, params string[] words) => CliRun.Of([.. line.Split(' ').Select(Place)]).Failed(ExitCode.Usage, words);

    [TestCase("dtw-search B A", "b.csv has 5 samples", "only 4")]
    [TestCase("dtw-search WIDE A", "wide.csv has 2 channels", "both need the same")]
    [TestCase("dtw-search TRAIN ONE --set", "series 0 of", "4 samples", "only 1")]
    [TestCase("barycenter TRAIN --weights 1,2 --output b.npy", "2 weights for 3 series")]
    [TestCase("barycenter TRAIN --class up --weights 1,2,3 --output b.npy", "3 weights for 2 series")]
    [TestCase("dtw-classify A TEST", "no class labels")]
    [TestCase("barycenter TRAIN --class dwn --output b.npy", "no series of class 'dwn'", "did you mean 'down'?")]
    [TestCase("distance A WIDE --measure msm", "both need the same channels")]
    [TestCase("soft-dtw A nowhere.csv", "nowhere.csv: no such file")]
    public void Bad_data_are_told_in_one_line(string line, params string[] words)
    {
        _folder.Write("wide.csv", "1,2\n3,4\n"u8);
        _folder.Write("one.csv", "1\n"u8);
        CliRun.Of([.. line.Split(' ').Select(Place)]).Failed(ExitCode.Data, words);
    }

    [Test]
    public void Missing_samples_are_skipped_and_counted_by_every_verb_that_can()
    {
        string holed = _folder.Write("holed.csv", "1\nnan\n3\n5\n"u8), flat = _folder.Write("flat.csv", "7\n7\n7\n7\n"u8);
        CliRun.Of("soft-dtw", holed, flat).Failed(ExitCode.Data, "time 1, channel 0", "NaN");

        // The only alignment within a radius of 0: 36 + 0 + 16 + 4.
        JsonElement soft = CliRun.Of("soft-dtw", holed, flat, "--window", "0", "--missing", "skip", "--json").Succeeded().Json;
        CliRun.RequireMembers(soft, "value", "skippedValues");
        Assert.That(soft.GetProperty("value").GetDouble(), Is.EqualTo(56).Within(1e-12));
        Assert.That(soft.GetProperty("skippedValues").GetInt32(), Is.EqualTo(1));
        Assert.That(CliRun.Of("soft-dtw", holed, flat, "--missing", "propagate", "--json").Succeeded().Json.GetProperty("value").GetString(), Is.EqualTo("NaN"));
        Assert.That(CliRun.Of("distance", holed, flat, "--measure", "erp", "--missing", "propagate", "--json").Succeeded().Json.GetProperty("distance").GetString(), Is.EqualTo("NaN"));

        JsonElement search = CliRun.Of("dtw-search", holed, _folder.Write("r.csv", "9\n1\n8\n3\n5\n\n4\nnan\n"u8), "--window", "0", "--missing", "skip", "--json").Succeeded().Json;
        CliRun.RequireMembers(search, "matches", "pruned", "skippedValues");
        Assert.That((search.GetProperty("matches")[0].GetProperty("position").GetInt32(), search.GetProperty("matches")[0].GetProperty("distance").GetDouble()), Is.EqualTo((1, 0.0)));
        Assert.That(search.GetProperty("skippedValues").GetInt32(), Is.EqualTo(2));

        _folder.Write("holes.ts", "@problemName p\n@missing true\n@univariate true\n@equalLength false\n@classLabel true up down\n@data\n0,?,2,3:up\n3,2,?,0:down\n"u8);
        JsonElement classes = CliRun.Of("dtw-classify", _folder["holes.ts"], _folder["test.ts"], "--missing", "skip", "--json").Succeeded().Json;
        CliRun.RequireMembers(classes, "error", "errors", "total", "skippedValues");
        Assert.That((classes.GetProperty("errors").GetInt32(), classes.GetProperty("skippedValues").GetInt32()), Is.EqualTo((1, 2)));

        _folder.Write("set.csv", "1,2,nan,5\n1,,3,5\n"u8);
        JsonElement mean = CliRun.Of("barycenter", _folder["set.csv"], "--missing", "skip", "--output", _folder["b.npy"], "--json").Succeeded().Json;
        CliRun.RequireMembers(mean, "cost", "iterations", "converged", "device", "seconds", "skippedValues");
        Assert.That((mean.GetProperty("cost").GetDouble(), mean.GetProperty("skippedValues").GetInt32()), Is.EqualTo((0.0, 2)));
        Assert.That(Npy.Read<float>(_folder["b.npy"]).ToArray(), Is.EqualTo((float[])[1, 2, 3, 5]));
    }

    // By hand, from the recurrences: the same pair as in DtwCommandTests.
    [TestCase("frechet", 1)]
    [TestCase("lcss --epsilon 1", 0)]
    [TestCase("adtw --penalty 0", 3)]
    [TestCase("adtw", 4)]
    [TestCase("erp", 6)]
    [TestCase("shapedtw --reach 0", 3)]
    public void Measures_give_their_known_distance(string measure, double expected)
    {
        JsonElement json = CliRun.Of(["distance", _folder["a.csv"], _folder["b.csv"], "--measure", .. measure.Split(' '), "--json"]).Succeeded().Json;
        CliRun.RequireMembers(json, "distance");
        Assert.That(json.GetProperty("distance").GetDouble(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Every_measure_of_equal_series_is_0()
    {
        foreach (string name in MeasureChoice.Names)
        {
            JsonElement json = CliRun.Of("distance", _folder["a.csv"], _folder["a.csv"], "--measure", name, "--window-fraction", "0.5", "--json").Succeeded().Json;
            Assert.That(json.GetProperty("distance").GetDouble(), Is.Zero, name);
        }
    }

    [Test]
    public void A_query_is_found_where_it_was_hidden()
    {
        double[] stream = [.. Enumerable.Range(0, 300).Select(i => Math.Sin(i * 0.37) * ((i % 17) - 8))];
        _folder.Write("r.csv", Encoding.UTF8.GetBytes(string.Join('\n', stream.Select(value => FormattableString.Invariant($"{value:R}")))));
        _folder.Write("q.csv", Encoding.UTF8.GetBytes(string.Join('\n', stream[120..152].Select(value => FormattableString.Invariant($"{(2 * value) + 3:R}")))));
        string[] search = ["dtw-search", _folder["q.csv"], _folder["r.csv"], "--top", "2", "--window", "2", "--znormalize"];
        JsonElement json = CliRun.Of([.. search, "--json"]).Succeeded().Json;
        CliRun.RequireMembers(json, "matches", "pruned");
        CliRun.RequireMembers(json.GetProperty("matches")[0], "position", "distance");
        Assert.That(json.GetProperty("matches")[0].GetProperty("position").GetInt32(), Is.EqualTo(120));
        Assert.That(json.GetProperty("matches")[0].GetProperty("distance").GetDouble(), Is.Zero.Within(1e-3));
        Assert.That(json.GetProperty("pruned").GetDouble(), Is.InRange(0, 1));
        Assert.That(CliRun.Of(search).Succeeded().Output, Does.Contain("Keogh").And.Contain("completed").And.Contain("269"), "the ledger");
    }

    [Test]
    public void Each_series_of_a_set_is_looked_for()
    {
        _folder.Write("r.csv", "0\n1\n2\n3\n0\n0\n3\n2\n1\n0\n0\n"u8);
        _folder.Write("set.csv", "3,2,1\n1,2,3,0\n"u8);
        string[] search = ["dtw-search", _folder["set.csv"], _folder["r.csv"], "--set", "--window", "0"];
        JsonElement json = CliRun.Of([.. search, "--json"]).Succeeded().Json;
        CliRun.RequireMembers(json, "queries");
        Assert.That(json.GetProperty("queries").EnumerateArray().Select(query => query.GetProperty("matches")[0].GetProperty("position").GetInt32()), Is.EqualTo((int[])[6, 1]));
        CliRun.RequireMembers(json.GetProperty("queries")[0], "matches", "pruned");
        Assert.That(CliRun.Of(search).Succeeded().Output, Does.Contain("query").And.Contain("17"), "windows of both");
        Assert.That(
            CliRun.Of("dtw-search", _folder["train.ts"], _folder["r.csv"], "--set", "--json").Succeeded().Json.GetProperty("queries").GetArrayLength(), Is.EqualTo(3), "any kind of set");
    }

    [Test]
    public void Vectors_are_found_where_they_were_hidden()
    {
        string[] stream = [.. Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{Math.Sin(0.3 * i) * (i % 7):R},{Math.Cos(0.2 * i) * (i % 5):R}"))];
        File.WriteAllLines(_folder["r.csv"], stream);
        File.WriteAllLines(_folder["q.csv"], stream[90..110]);
        JsonElement json = CliRun.Of("dtw-search", _folder["q.csv"], _folder["r.csv"], "--window", "2", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("matches")[0].GetProperty("position").GetInt32(), Is.EqualTo(90));
        Assert.That(json.GetProperty("matches")[0].GetProperty("distance").GetDouble(), Is.Zero);
    }

    [Test]
    public void Sound_is_found_by_its_cepstra()
    {
        // Twenty tones of a tenth of a second, none twice.
        double[] sound = [.. Enumerable.Range(0, 16_000).Select(i => 0.5 * Math.Sin(i * (0.1 + (0.1 * (i / 800 * 7 % 20)))))];
        Wav.Write(_folder["r.wav"], new WavAudio<float>(Tensor.Create([.. sound.Select(value => (float)value)], [sound.Length, 1]), 8000));
        Wav.Write(_folder["q.wav"], new WavAudio<float>(Tensor.Create([.. sound[6400..11_200].Select(value => (float)value)], [4800, 1]), 8000));
        JsonElement json = CliRun.Of("dtw-search", _folder["q.wav"], _folder["r.wav"], "--features", "mfcc", "--window", "3", "--znormalize", "--json").Succeeded().Json;

        // A frame each 10 ms, 80 samples.
        Assert.That(json.GetProperty("matches")[0].GetProperty("position").GetInt32(), Is.InRange(79, 81));
    }

    [Test]
    public void Classification_counts_errors()
    {
        JsonElement json = CliRun.Of("dtw-classify", _folder["train.ts"], _folder["test.ts"], "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "error", "errors", "total");
        Assert.That((json.GetProperty("errors").GetInt32(), json.GetProperty("total").GetInt32()), Is.EqualTo((1, 3)));
        Assert.That(json.GetProperty("error").GetDouble(), Is.EqualTo(1.0 / 3).Within(1e-15));
        string text = CliRun.Of("dtw-classify", _folder["train.ts"], _folder["test.ts"]).Succeeded().Output;
        Assert.That(text, Does.Contain("1 of 3 wrong").And.Contain("up").And.Contain("down"));
    }

    [TestCase("GunPoint", "", 14, 150)]
    [TestCase("ItalyPowerDemand", "", 51, 1029)]
    [TestCase("BasicMotions", "", 1, 40)]
    [TestCase("BasicMotions", "--independent", 0, 40)]
    public void Errors_on_public_sets_are_the_published_ones(string name, string options, int errors, int total)
    {
        string train = SharedData.Require($"ucr/{name}_TRAIN.ts"), test = SharedData.Require($"ucr/{name}_TEST.ts");
        JsonElement json = CliRun.Of(["dtw-classify", train, test, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--json"]).Succeeded().Json;
        Assert.That((json.GetProperty("errors").GetInt32(), json.GetProperty("total").GetInt32()), Is.EqualTo((errors, total)));
    }

    [Test]
    public void A_barycentre_of_equal_series_is_that_series()
    {
        _folder.Write("set.csv", "1,2,3,5\n1,2,3,5\n"u8);
        foreach (string method in new[] { "dba", "subgradient", "medoid" })
        {
            JsonElement json = CliRun.Of("barycenter", _folder["set.csv"], "--method", method, "--output", _folder["b.npy"], "--json").Succeeded().Json;
            CliRun.RequireMembers(json, "cost", "iterations", "converged", "device", "seconds");
            Assert.That(json.GetProperty("cost").GetDouble(), Is.Zero.Within(1e-12), method);
            Assert.That(Npy.Read<float>(_folder["b.npy"]).ToArray(), Is.EqualTo(new[] { 1f, 2, 3, 5 }).Within(1e-6), method);
        }
    }

    [TestCase("dba")]
    [TestCase("subgradient")]
    [TestCase("soft --gamma 0.01")]
    public void Weights_pull_a_barycentre(string method)
    {
        // Between constants there is no warping that helps: the weighted mean.
        _folder.Write("set.csv", "0,0,0\n4,4,4\n"u8);
        CliRun.Of(["barycenter", _folder["set.csv"], "--method", .. method.Split(' '), "--weights", "3,1", "--output", _folder["b.npy"]]).Succeeded();
        Assert.That(Npy.Read<float>(_folder["b.npy"]).ToArray(), Is.All.EqualTo(1).Within(0.01));
    }

    [Test]
    public void The_medoid_heeds_weights()
    {
        _folder.Write("set.csv", "0,0\n1,1\n9,9\n"u8);
        CliRun.Of("barycenter", _folder["set.csv"], "--method", "medoid", "--weights", "1,1,50", "--output", _folder["b.npy"]).Succeeded();
        Assert.That(Npy.Read<float>(_folder["b.npy"]).ToArray(), Is.All.EqualTo(9));
    }

    [Test]
    public void Drawings_that_memory_cannot_hold_are_refused_with_their_bytes()
    {
        Npy.Write(_folder["long.npy"], Tensor.CreateFromShape<float>([1_000_000]));
        CliRun.Of("soft-dtw", _folder["long.npy"], _folder["long.npy"], "--plot", _folder["p.svg"]).Failed(ExitCode.Data, "1000000 x 1000000", "8,000,000,000,000 bytes", "--gradient");
    }

    [Test]
    public void A_soft_barycentre_of_one_class_is_written_as_text()
    {
        string text = CliRun.Of("barycenter", _folder["train.ts"], "--class", "up", "--method", "soft", "--gamma", "0.1", "--length", "4", "--output", _folder["b.csv"]).Succeeded().Output;
        Assert.That(text, Does.Contain("4 samples for 2 series"));
        Assert.That(Csv.Read(_folder["b.csv"]).ToTensor<double>().Lengths.ToArray(), Is.EqualTo(new nint[] { 4, 1 }));
    }

    private string Place(string word) => word switch
    {
        "A" => _folder["a.csv"],
        "B" => _folder["b.csv"],
        "WIDE" => _folder["wide.csv"],
        "ONE" => _folder["one.csv"],
        "TRAIN" => _folder["train.ts"],
        "TEST" => _folder["test.ts"],
        "b.npy" or "b.txt" => _folder[word],
        _ => word,
    };
}
