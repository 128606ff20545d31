using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Sets of series as text: one series in each line, lengths free.</summary>
internal sealed class CsvSeriesTests
{
    private static readonly CsvReadOptions HasHeader = new() { Header = CsvHeader.Present };

    [TestCase("1,2,3\n4,5\n6\n", TestName = "ragged, comma")]
    [TestCase("1;2;3\n4;5\n6\n", TestName = "ragged, semicolon")]
    [TestCase("1\t2\t3\n4\t5\n6\n", TestName = "ragged, tab")]
    [TestCase("1  2 3\n4\t5\n6\n", TestName = "ragged, white space")]
    [TestCase("# sensor\n1, 2 ,3\r\n# gap\r\n4,5\r\n6", TestName = "ragged, comments and no last line end")]
    [TestCase("\uFEFF\"1\",2,3\n4,5\n6\n", TestName = "ragged, quotes and byte-order mark")]
    public void Reads(string text)
    {
        TimeSeriesSet<double> set = Csv.ReadSeries<double>(DataAssert.Utf8(text), "runs.csv");
        Assert.That((set.ProblemName, set.Count, set.Channels, set.IsEqualLength, set.Labels), Is.EqualTo(("runs", 3, 1, false, (ClassLabels?)null)));
        DataAssert.Holds(set.Series[0], [3, 1], 1d, 2d, 3d);
        DataAssert.Holds(set.Series[1], [2, 1], 4d, 5d);
        DataAssert.Holds(set.Series[2], [1, 1], 6d);
    }

    [TestCase("5\n6,7,8\n", TestName = "one value first")]
    [TestCase("5\n6;7;8\n", TestName = "one value first, semicolon")]
    public void The_first_series_may_be_the_shortest(string text) =>
        Assert.That(Csv.ReadSeries<float>(DataAssert.Utf8(text)).Series[1].Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 1 }));

    [Test]
    public void A_header_is_passed_over_only_when_it_is_told()
    {
        DataAssert.Holds(Csv.ReadSeries<float>(DataAssert.Utf8("a,b\n1,2,3\n"), options: HasHeader).Series[0], [3, 1], 1f, 2f, 3f);
        DataAssert.Malformed(() => Csv.ReadSeries<float>(DataAssert.Utf8("a,b\n1,2,3\n")), "line 1, column 1", "a float32 number", "'a'");
    }

    [Test]
    public void Missing_values_are_NaN_on_request()
    {
        DataAssert.Holds(Csv.ReadSeries<float>(DataAssert.Utf8("1,,3\nnan\n"), options: new() { AllowMissing = true }).Series[0], [3, 1], 1f, float.NaN, 3f);
        DataAssert.Malformed(() => Csv.ReadSeries<float>(DataAssert.Utf8("1,,3\n")), "line 1, column 2", "a float32 number", "an empty cell; AllowMissing reads it as NaN");
    }

    [TestCase("1,2\n\n3\n", "line 2", "at least one value", "an empty line")]
    [TestCase("1,2\n \t \n3\n", "line 2", "at least one value", "an empty line")]
    [TestCase("1 2\n   \n3\n", "line 2", "at least one value", "an empty line")]
    [TestCase("\n1,2\n", "line 1", "at least one value", "an empty line")]
    [TestCase("1,2\n3\n\n", "line 3", "at least one value", "an empty line")]
    [TestCase("1,2\n# x\n3,four\n", "line 3, column 2", "a float32 number", "'four'")]
    [TestCase("1,2\n3,1e39\n", "line 2, column 2", "a float32 number", "'1e39'")]
    [TestCase("1,2,\n", "line 1, column 3", "a float32 number", "an empty cell")]
    [TestCase("1,2\n\"\"\n", "line 2, column 1", "a float32 number", "an empty cell")]
    [TestCase("1,\"2\n", "line 1", "balanced quotes", "")]
    [TestCase("", "line 1", "at least one series", "none")]
    [TestCase("# nothing\n", "line 1", "at least one series", "none")]
    public void Broken_sets(string text, string position, string expected, string found) =>
        DataAssert.Malformed(() => Csv.ReadSeries<float>(DataAssert.Utf8(text)), position, expected, found);

    [Test]
    public void A_set_comes_out_of_a_tensor_and_goes_back()
    {
        Tensor<float> values = Tensor.Create([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f], [2, 2, 2]);
        TimeSeriesSet<float> set = TimeSeriesSet<float>.FromTensor("made", values, ClassLabels.From(["a", "b"]));
        Assert.That((set.Count, set.Channels, set.Labels![1]), Is.EqualTo((2, 2, "b")));
        DataAssert.Holds(set.Series[1], [2, 2], 5f, 6f, 7f, 8f);
        DataAssert.Holds(set.ToTensor(), [2, 2, 2], 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
        values[1, 0, 0] = 0;
        Assert.That(set.Series[1][0, 0], Is.EqualTo(5), "series are copies");

        DataAssert.Holds(TimeSeriesSet<float>.FromTensor("made", Tensor.Create([1f, 2f, 3f, 4f], [2, 2])).Series[1], [2, 1], 3f, 4f);
        Tensor<float> turned = Tensor.PermuteDimensions<float>(Tensor.Create([1f, 2f, 3f, 4f], [2, 2]), [1, 0]);
        DataAssert.Holds(TimeSeriesSet<float>.FromTensor("made", turned).Series[1], [2, 1], 2f, 4f);
        Assert.That(() => TimeSeriesSet<float>.FromTensor("made", Tensor.Create([1f])), Throws.ArgumentException.With.Message.Contains("(1)"));
        Assert.That(() => TimeSeriesSet<float>.FromTensor("made", Tensor.CreateFromShape<float>([2, 0])), Throws.ArgumentException.With.Message.Contains("(2, 0)"));
    }
}
