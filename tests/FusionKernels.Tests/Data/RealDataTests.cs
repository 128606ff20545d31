using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>The field's own files, held against what is published about them.</summary>
internal sealed class RealDataTests
{
    [TestCase("GunPoint", 50, 150, 150, 1, 13)]
    [TestCase("ItalyPowerDemand", 67, 1029, 24, 1, 46)]
    [TestCase("BasicMotions", 40, 40, 100, 6, 16)]
    public void Archives_of_series_give_the_published_nearest_neighbour_errors(string name, int train, int test, int length, int channels, int errors)
    {
        TimeSeriesSet<double> known = Ts.Read<double>(SharedData.Require($"ucr/{name}_TRAIN.ts"));
        TimeSeriesSet<double> asked = Ts.Read<double>(SharedData.Require($"ucr/{name}_TEST.ts"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((known.Count, asked.Count, known.Channels), Is.EqualTo((train, test, channels)));
            Assert.That(known.ToTensor().Lengths[1], Is.EqualTo((nint)length));
            Assert.That(NearestNeighbourErrors(known, asked), Is.EqualTo(errors));
        }
    }

    [Test]
    public void Series_survive_writing([Values("GunPoint", "BasicMotions")] string name)
    {
        TimeSeriesSet<float> set = Ts.Read<float>(SharedData.Require($"ucr/{name}_TRAIN.ts"));
        using var stream = new MemoryStream();
        Ts.Write(stream, set);
        stream.Position = 0;
        TimeSeriesSet<float> read = Ts.Read<float>(stream);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DataAssert.Elements(read.ToTensor()), Is.EqualTo(DataAssert.Elements(set.ToTensor())));
            Assert.That(read.Labels!.Indices, Is.EqualTo(set.Labels!.Indices));
        }
    }

    [Test]
    public void Digits_have_the_published_classes()
    {
        CsvTable table = Csv.Read(SharedData.Require("sklearn/digits.csv"));
        Tensor<float> pixels = table.Without(64).ToTensor<float>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((table.RowCount, table.ColumnCount, table.HasHeader), Is.EqualTo((1797, 65, false)));
            Assert.That((Tensor.Min<float>(pixels), Tensor.Max<float>(pixels)), Is.EqualTo((0f, 16f)));
            Assert.That(ClassSizes(table.ToLabels(64)), Is.EqualTo("178 182 177 183 181 182 181 179 174 180"));
        }
    }

    [Test]
    public void Wine_is_read_below_its_line_of_counts()
    {
        CsvTable table = Csv.Read(SharedData.Require("sklearn/wine_data.csv"), new() { SkipLines = 1 });
        using (Assert.EnterMultipleScope())
        {
            Assert.That((table.RowCount, table.ColumnCount), Is.EqualTo((178, 14)));
            Assert.That(ClassSizes(table.ToLabels(13)), Is.EqualTo("59 71 48"));
        }

        DataAssert.Malformed(() => Csv.Read(SharedData.Require("sklearn/wine_data.csv")), "line 2", "5 cells, as in line 1", "14 cells");
    }

    [TestCase("sklearn/linnerud_exercise.csv", "Chins Situps Jumps", 20, 145.55)]
    [TestCase("sklearn/linnerud_physiological.csv", "Weight Waist Pulse", 20, 35.4)]
    [TestCase("classic/lifecycle_population.csv", "pop15 pop75", 50, 2.293)]
    public void Small_tables_have_the_published_means(string file, string names, int rows, double meanOfSecondColumn)
    {
        CsvTable table = Csv.Read(SharedData.Require(file));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', table.ColumnNames), Is.EqualTo(names));
            Assert.That(table.RowCount, Is.EqualTo(rows));
            Assert.That(DataAssert.Elements(table.Select(1).ToTensor<double>()).Average(), Is.EqualTo(meanOfSecondColumn).Within(1e-9));
        }
    }

    [TestCase("fou", 76)]
    [TestCase("fac", 216)]
    [TestCase("kar", 64)]
    [TestCase("pix", 240)]
    [TestCase("zer", 47)]
    [TestCase("mor", 6)]
    public void Views_of_handwriting_have_two_hundred_of_each_digit(string view, int features)
    {
        CsvTable table = SharedData.Handwriting(view);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Without(features).ToTensor<float>().Lengths.ToArray(), Is.EqualTo(new nint[] { 2000, features }));
            Assert.That(ClassSizes(table.ToLabels(features)), Is.EqualTo(string.Join(' ', Enumerable.Repeat(200, 10))));
        }
    }

    [Test]
    public void Text_columns_stand_beside_numbers()
    {
        CsvTable table = Csv.Read(SharedData.Require("cora/cora.nodes.csv"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.RowCount, Is.EqualTo(2708));
            Assert.That(table.ToLabels("label").Names, Has.Count.EqualTo(7));
            Assert.That(table.Select("node").ToTensor<int>()[2707, 0], Is.EqualTo(2707));
        }
    }

    private static string ClassSizes(ClassLabels labels) =>
        string.Join(' ', labels.Indices.CountBy(index => index).OrderBy(pair => pair.Key).Select(pair => pair.Value));

    private static int NearestNeighbourErrors(TimeSeriesSet<double> known, TimeSeriesSet<double> asked)
    {
        int errors = 0;
        for (int i = 0; i < asked.Count; i++)
        {
            double[] one = DataAssert.Elements(asked.Series[i]);
            int nearest = Enumerable.Range(0, known.Count).MinBy(j => TensorPrimitives.Distance<double>(one, DataAssert.Elements(known.Series[j])));
            if (known.Labels![nearest] != asked.Labels![i])
                errors++;
        }

        return errors;
    }
}
