using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>The text format of the time-series archives: univariate, multivariate, ragged, missing, and every broken promise.</summary>
internal sealed class TsTests
{
    private const string Head = "# a comment\n@problemName Two\n@timeStamps false\n@univariate false\n@dimension 2\n@classLabel true up down\n";

    [Test]
    public void Reads_one_channel_of_one_length()
    {
        TimeSeriesSet<float> set = Ts.Read<float>(DataAssert.Utf8("#x\n\n@PROBLEMNAME P\n@univariate true\n@equalLength true\n@seriesLength 3\n@classLabel true 1 2\n@DATA\n1,2,3:2\n4, 5 ,6:1\n"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(set.ProblemName, Is.EqualTo("P"));
            Assert.That((set.Count, set.Channels, set.IsEqualLength), Is.EqualTo((2, 1, true)));
            DataAssert.Holds(set.Series[1], [3, 1], 4f, 5f, 6f);
            DataAssert.Holds(set.ToTensor(), [2, 3, 1], 1f, 2f, 3f, 4f, 5f, 6f);
            Assert.That(string.Join(' ', set.Labels!.Indices), Is.EqualTo("1 0"));
        }
    }

    [Test]
    public void Reads_channels_ragged_lengths_and_missing_values()
    {
        TimeSeriesSet<double> set = Ts.Read<double>(DataAssert.Utf8(Head + "@missing true\n@equalLength false\n@data\n1,2,?:10,20,30:up\n5:nan:down\n"));
        using (Assert.EnterMultipleScope())
        {
            DataAssert.Holds(set.Series[0], [3, 2], 1d, 10d, 2d, 20d, double.NaN, 30d);
            DataAssert.Holds(set.Series[1], [1, 2], 5d, double.NaN);
            Assert.That(set.IsEqualLength, Is.False);
            Assert.That(set.Labels![1], Is.EqualTo("down"));
        }

        Assert.Throws<InvalidOperationException>(() => set.ToTensor());
    }

    [Test]
    public void Reads_targets_and_cases_without_labels()
    {
        Assert.That(Ts.Read<float>(DataAssert.Utf8("@targetLabel true\n@data\n1,2:0.5\n3,4:-2\n")).Targets![1], Is.EqualTo(-2).Within(0));
        TimeSeriesSet<float> bare = Ts.Read<float>(DataAssert.Utf8("@classLabel false\n@data\n1,2:3,4\n"));
        Assert.That((bare.Channels, bare.Labels, bare.Targets), Is.EqualTo((2, (ClassLabels?)null, (IReadOnlyList<double>?)null)));
    }

    [TestCase("", "line 0", "@data", "the end")]
    [TestCase("1,2\n", "line 1", "a tag", "'1,2'")]
    [TestCase("@classLabel true a\n@data\n", "line 2", "at least one case", "the end")]
    [TestCase("@data\n1:a\n", "line 1", "@classLabel or @targetLabel", "neither")]
    [TestCase("@colour red\n", "line 1", "@problemName", "'@colour'")]
    [TestCase("@missing maybe\n", "line 1", "true or false", "'maybe'")]
    [TestCase("@missing\n", "line 1", "true or false", "nothing")]
    [TestCase("@missing true\n@Missing true\n", "line 2", "each tag once", "'@Missing' again")]
    [TestCase("@dimension 2\n@dimensions 2\n", "line 2", "each tag once", "'@dimensions' again")]
    [TestCase("@dimension 0\n", "line 1", "a whole number from 1", "'0'")]
    [TestCase("@classLabel true\n", "line 1", "names of the classes", "none")]
    [TestCase("@classLabel true a a\n", "line 1", "each class once", "'a' twice")]
    [TestCase("@classLabel false a\n", "line 1", "no class names", "'a'")]
    [TestCase("@classLabel true a\n@targetLabel true\n@data\n", "line 3", "@classLabel true or @targetLabel true", "both")]
    [TestCase("@univariate true\n@dimension 2\n@classLabel false\n@data\n", "line 4", "one dimension", "'@dimension 2'")]
    [TestCase("@equalLength false\n@seriesLength 2\n@classLabel false\n@data\n", "line 4", "no @seriesLength", "'@seriesLength 2'")]
    [TestCase("@timeStamps true\n", "line 1", "'@timeStamps false'", "(time,value) pairs are not read")]
    public void Broken_headers(string text, string position, string expected, string found) =>
        DataAssert.Malformed(() => Ts.Read<float>(DataAssert.Utf8(text)), position, expected, found);

    [TestCase("1,2:3,4:left\n", "line 8", "one of the 2 classes", "'left'")]
    [TestCase("1,2\n", "line 8", "a label after the last ':'", "no ':'")]
    [TestCase("1,2:up\n", "line 8", "2 channels", "1")]
    [TestCase("1,2:3,4:5,6:up\n", "line 8", "2 channels", "3")]
    [TestCase("1,2:3:up\n", "line 8", "2 values in channel 2", "1")]
    [TestCase("1,2:3,4,5:up\n", "line 8", "2 values in channel 2", "3")]
    [TestCase("1,x:3,4:up\n", "line 8, channel 1, value 2", "a float32 number or '?'", "'x'")]
    [TestCase("1,2:3,:up\n", "line 8, channel 2, value 2", "a float32 number or '?'", "nothing")]
    [TestCase("1,1e39:3,4:up\n", "line 8, channel 1, value 2", "a float32 number", "'1e39'")]
    [TestCase("1,2:3,4:up\n(0,1),(1,2):(0,3),(1,4):up\n", "line 9", "without time stamps", "resample")]
    [TestCase("1,2:3,4:up\n@data\n", "line 9", "a case", "'@data'")]
    [TestCase("1,2:3,4:u\uFFFDp\n", "line 8", "UTF-8", "")]
    public void Broken_cases(string cases, string position, string expected, string found) =>
        DataAssert.Malformed(() => Ts.Read<float>(DataAssert.Utf8(Head + "@data\n" + cases)), position, expected, found);

    [TestCase("@equalLength true", "1,2:3,4:up\n1:2:up\n", "line 10", "2 values, as in the first case", "1")]
    [TestCase("@seriesLength 3", "1,2:3,4:up\n", "line 9", "3 values, as @seriesLength says", "2")]
    [TestCase("@missing false", "1,?:3,4:up\n", "line 9, channel 1, value 2", "'@missing false'", "'?'")]
    public void Broken_promises(string tag, string cases, string position, string expected, string found) =>
        DataAssert.Malformed(() => Ts.Read<float>(DataAssert.Utf8(Head + tag + "\n@data\n" + cases)), position, expected, found);

    [Test]
    public void Comments_may_be_in_any_encoding()
    {
        byte[] bytes = [(byte)'#', 0xE9, (byte)'\n', .. "@classLabel false\n@data\n1\n"u8];
        DataAssert.Holds(Ts.Read<float>(new MemoryStream(bytes)).Series[0], [1, 1], 1f);
    }

    [Test]
    public void Round_trips_ragged_labelled_series()
    {
        Tensor<double>[] series = [Tensor.Create([0.1, -0d, double.NaN, 4e-320], [2, 2]), Tensor.Create([1d, double.PositiveInfinity], [1, 2])];
        var set = new TimeSeriesSet<double>("Made", series, ClassLabels.From(["b", "a"], ["b", "a", "unused"]));
        using var folder = new TemporaryFolder();
        Ts.Write(folder["x.ts"], set);
        TimeSeriesSet<double> read = Ts.Read<double>(folder["x.ts"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.ProblemName, Is.EqualTo("Made"));
            Assert.That(string.Join(' ', read.Labels!.Names), Is.EqualTo("b a unused"));
            Assert.That(string.Join(' ', read.Labels.Indices), Is.EqualTo("0 1"));
            for (int i = 0; i < 2; i++)
                DataAssert.Holds(read.Series[i], series[i].Lengths, DataAssert.Elements(series[i]));
        }
    }

    [Test]
    public void Round_trips_targets_and_nothing()
    {
        using var stream = new MemoryStream();
        Ts.Write(stream, new TimeSeriesSet<float>("P", [Tensor.Create([1f, 2f], [2, 1])], targets: [1d / 3]));
        stream.Position = 0;
        Assert.That(Ts.Read<float>(stream).Targets!.Single(), Is.EqualTo(1d / 3).Within(0));
    }

    [Test]
    public void A_set_checks_what_it_is_given()
    {
        Tensor<float> one = Tensor.Create([1f, 2f], [2, 1]);
        Assert.Throws<ArgumentException>(() => _ = new TimeSeriesSet<float>("P", []));
        Assert.Throws<ArgumentException>(() => _ = new TimeSeriesSet<float>("P", [Tensor.Create([1f])]));
        Assert.Throws<ArgumentException>(() => _ = new TimeSeriesSet<float>("P", [one, Tensor.Create([1f, 2f], [1, 2])]));
        Assert.Throws<ArgumentException>(() => _ = new TimeSeriesSet<float>("P", [one], ClassLabels.From(["a", "b"])));
        Assert.Throws<ArgumentException>(() => _ = new TimeSeriesSet<float>("P", [one], ClassLabels.From(["a"]), [1]));
        Assert.Throws<ArgumentException>(() => Ts.Write(Stream.Null, new TimeSeriesSet<float>("two words", [one])));
        Assert.Throws<ArgumentException>(() => ClassLabels.From(["a"], ["b"]));
        Assert.Throws<ArgumentException>(() => ClassLabels.From(["a"], ["a", "a"]));
    }
}
