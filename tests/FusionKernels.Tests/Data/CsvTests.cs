using System.Globalization;
using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Tables of text: what is detected, what is read, what is refused and where.</summary>
internal sealed class CsvTests
{
    [TestCase("1,2,3\n4,5,6\n", TestName = "comma")]
    [TestCase("1;2;3\n4;5;6\n", TestName = "semicolon")]
    [TestCase("1\t2\t3\n4\t5\t6\n", TestName = "tab")]
    [TestCase("1|2|3\n4|5|6\n", TestName = "bar")]
    [TestCase("1 2 3\n4 5 6\n", TestName = "space")]
    [TestCase("  1   2  3\n4 5  6  \n", TestName = "runs of spaces")]
    [TestCase("1, 2 ,3\r\n4,5 , 6", TestName = "spaces round cells, no last line end")]
    [TestCase("\n# a, comment; here\n\n1,2,3\n\n#x\n4,5,6\n\n", TestName = "comments and blank lines")]
    [TestCase("\"1\",\"2\",3\n4,\"5\",6\n", TestName = "quotes")]
    [TestCase("\uFEFF1,2,3\n4,5,6\n", TestName = "byte-order mark")]
    [TestCase("a,b,c\n1,2,3\n4,5,6\n", TestName = "header")]
    [TestCase("\"a, b\";b;c\n1;2;3\n4;5;6\n", TestName = "header with a comma inside quotes")]
    [TestCase("Chins Situps Jumps\n1 2 3\n4 5 6\n", TestName = "header separated by white space")]
    public void Reads(string text) =>
        DataAssert.Holds(Csv.Read(DataAssert.Utf8(text)).ToTensor<float>(), [2, 3], 1f, 2f, 3f, 4f, 5f, 6f);

    [Test]
    public void Spaces_and_tabs_mix_when_white_space_is_asked_for() =>
        DataAssert.Holds(Csv.Read(DataAssert.Utf8("  1   2 \t 3\n4\t5  6  \n"), options: new() { Delimiter = ' ' }).ToTensor<int>(), [2, 3], 1, 2, 3, 4, 5, 6);

    [TestCase("1.5e3", 1500)]
    [TestCase("-.5", -0.5)]
    [TestCase("+2.", 2)]
    [TestCase("NaN", double.NaN)]
    [TestCase("-inf", double.NegativeInfinity)]
    [TestCase("Infinity", double.PositiveInfinity)]
    [TestCase("0.1", 0.1)]
    [TestCase("4.9406564584124654E-324", double.Epsilon)]
    public void Reads_numbers_without_culture(string text, double expected) =>
        DataAssert.Holds(Csv.Read(DataAssert.Utf8(text + "\n")).ToTensor<double>(), [1, 1], expected);

    [Test]
    public void A_culture_with_a_decimal_comma_changes_nothing()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "~";
        CultureInfo before = CultureInfo.CurrentCulture;
        using var folder = new TemporaryFolder();
        try
        {
            CultureInfo.CurrentCulture = culture;
            Csv.Write(folder["a"], Tensor.Create([-1.5, 2e-7], [1, 2]));
            Assert.That(File.ReadAllText(folder["a"]), Is.EqualTo("-1.5,2E-07\n"));
            DataAssert.Holds(Csv.Read(folder["a"]).ToTensor<double>(), [1, 2], -1.5, 2e-7);
            Ts.Write(folder["b"], new TimeSeriesSet<double>("P", [Tensor.Create([-1.5, 2], [2, 1])], targets: [-0.5]));
            Assert.That(File.ReadAllText(folder["b"]), Does.EndWith("@data\n-1.5,2:-0.5\n"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void Integers_are_read_beyond_the_precision_of_doubles() =>
        DataAssert.Holds(Csv.Read(DataAssert.Utf8("9007199254740993,-1\n")).ToTensor<long>(), [1, 2], 9007199254740993L, -1L);

    [Test]
    public void Columns_are_selected_by_name_and_index_and_one_holds_labels()
    {
        CsvTable table = Csv.Read(DataAssert.Utf8("x,class,y\n1,cat,2\n3,dog,4\n5,cat,6\n"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.HasHeader);
            Assert.That(table.RowCount, Is.EqualTo(3));
            Assert.That(string.Join(' ', table.ColumnNames), Is.EqualTo("x class y"));
            Assert.That(table[1, 1], Is.EqualTo("dog"));
            DataAssert.Holds(table.Select("y", "x").ToTensor<int>(), [3, 2], 2, 1, 4, 3, 6, 5);
            DataAssert.Holds(table.Without(table.IndexOf("class")).ToTensor<int>(), [3, 2], 1, 2, 3, 4, 5, 6);
            ClassLabels labels = table.ToLabels("class");
            Assert.That(string.Join(' ', labels.Names), Is.EqualTo("cat dog"));
            Assert.That(string.Join(' ', labels.Indices), Is.EqualTo("0 1 0"));
            Assert.That(labels[2], Is.EqualTo("cat"));
        }

        ArgumentException? error = Assert.Throws<ArgumentException>(() => table.IndexOf("z"));
        Assert.That(error!.Message, Does.Contain("'z'").And.Contain("x, class, y"));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Select(3));
    }

    [Test]
    public void Numeric_labels_are_ordered_as_numbers() =>
        Assert.That(string.Join(' ', Csv.Read(DataAssert.Utf8("10\n9\n2\n10\n")).ToLabels(0).Names), Is.EqualTo("2 9 10"));

    [Test]
    public void A_header_of_numbers_is_announced()
    {
        CsvTable table = Csv.Read(DataAssert.Utf8("0,1,0\n7,8,9\n"), options: new() { Header = CsvHeader.Present });
        DataAssert.Holds(table.ToTensor<int>(), [1, 3], 7, 8, 9);
        Assert.Throws<ArgumentException>(() => table.IndexOf("0"));
        Assert.That(Csv.Read(DataAssert.Utf8("0,1,0\n7,8,9\n")).RowCount, Is.EqualTo(2));
    }

    [Test]
    public void Lines_at_the_top_are_skipped_and_counted()
    {
        CsvReadOptions options = new() { SkipLines = 2 };
        DataAssert.Holds(Csv.Read(DataAssert.Utf8("178,13,class_0\nx\n1,2\n"), options: options).ToTensor<int>(), [1, 2], 1, 2);
        CsvTable table = Csv.Read(DataAssert.Utf8("178,13,class_0\nx\n1,2\n3,abc\n"), options: options);
        DataAssert.Malformed(() => table.ToTensor<int>(), "line 4, column 2", "whole number", "'abc'");
        DataAssert.Malformed(() => Csv.Read(DataAssert.Utf8("x\n"), options: options), "line 2", "2 lines to skip", "the end");
    }

    [Test]
    public void Missing_cells_are_nan_only_on_request()
    {
        CsvTable strict = Csv.Read(DataAssert.Utf8("1,,3\n"));
        DataAssert.Malformed(() => strict.ToTensor<float>(), "line 1, column 2", "a float32 number", "an empty cell; AllowMissing");
        CsvTable lenient = Csv.Read(DataAssert.Utf8("1,,3\n"), options: new() { AllowMissing = true });
        DataAssert.Holds(lenient.ToTensor<float>(), [1, 3], 1f, float.NaN, 3f);
        DataAssert.Malformed(() => lenient.ToTensor<int>(), "line 1, column 2", "whole number", "cannot hold");
    }

    [TestCase("", "line 1", "at least one row", "none")]
    [TestCase("# nothing\n\n", "line 1", "at least one row", "none")]
    [TestCase("1,2\n3,4,5\n", "line 2", "2 cells, as in line 1", "3 cells")]
    [TestCase("\n#c\n1,2\n\n3\n", "line 5", "2 cells, as in line 3", "1 cells")]
    [TestCase("1 2\n3\n", "line 2", "2 cells, as in line 1", "1 cells")]
    [TestCase("1,\"2\n3,4\n", "line 1", "balanced quotes", "never closed")]
    [TestCase("1,2\n1,2\"3\n", "line 2", "balanced quotes", "quote inside")]
    public void Tables_that_are_none(string text, string position, string expected, string found) =>
        DataAssert.Malformed(() => Csv.Read(DataAssert.Utf8(text)), position, expected, found);

    [TestCase("1,2\n3,abc\n", "line 2, column 2", "'abc'")]
    [TestCase("a,b\n1,2\n\n3,1e999\n", "line 4, column 2", "'1e999'")]
    [TestCase("1\n0x10\n", "line 2, column 1", "'0x10'")]
    [TestCase("1;1\n1;1,5\n", "line 2, column 2", "'1,5'")]
    [TestCase("1\n1 000\n", "line 2, column 1", "'1 000'")]
    public void Cells_that_are_no_numbers(string text, string position, string found)
    {
        CsvTable table = Csv.Read(DataAssert.Utf8(text));
        DataAssert.Malformed(() => table.ToTensor<double>(), position, "a number", found);
    }

    [Test]
    public void Text_that_is_not_utf8()
    {
        using var stream = new MemoryStream([(byte)'1', (byte)'\n', 0xE9, (byte)'\n']);
        DataAssert.Malformed(() => Csv.Read(stream), "line 2", "UTF-8", "\u00e9");
    }

    [Test]
    public void Writes_numbers_that_read_back_bit_for_bit([Values(',', ';', '\t', '|', ' ')] char delimiter)
    {
        using var folder = new TemporaryFolder();
        double[] values = [0.1, -0d, double.Epsilon, double.MaxValue, 1d / 3, double.NaN];
        Csv.Write(folder["a"], Tensor.Create(values, [3, 2]), new() { Delimiter = delimiter, ColumnNames = ["x", "y"] });
        CsvTable table = Csv.Read(folder["a"]);
        Assert.That(string.Join(' ', table.ColumnNames), Is.EqualTo("x y"));
        DataAssert.Holds(table.ToTensor<double>(), [3, 2], values);
        Assert.That(double.IsNegative(table.ToTensor<double>()[0, 1]));
    }

    [Test]
    public void Writes_names_in_quotes_where_they_need_them()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["a,b", "say \"x\"", "#1", " c", "d"];
        Csv.Write(folder["a"], Tensor.Create([1f, 2, 3, 4, 5], [1, 5]), new() { ColumnNames = names });
        CsvTable table = Csv.Read(folder["a"], new() { Header = CsvHeader.Present });
        Assert.That(table.ColumnNames, Is.EqualTo(names));
    }

    [TestCase('"', null)]
    [TestCase('\u00e9', null)]
    [TestCase('\n', null)]
    [TestCase('.', null)]
    [TestCase('#', '#')]
    [TestCase(null, '\u00e9')]
    public void Characters_that_cannot_separate_or_begin_a_comment(char? delimiter, char? comment) =>
        Assert.Throws<ArgumentException>(() => Csv.Read(DataAssert.Utf8("1,2\n"), options: new() { Delimiter = delimiter, Comment = comment }));

    [Test]
    public void Writing_checks_its_arguments()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => Csv.Write(folder["a"], Tensor.Create(new float[8], [2, 2, 2])));
        Assert.Throws<ArgumentException>(() => Csv.Write(folder["a"], Tensor.Create(new float[4], [2, 2]), new() { ColumnNames = ["x"] }));
        Assert.Throws<ArgumentException>(() => Csv.Write(folder["a"], Tensor.Create(new float[4], [2, 2]), new() { Delimiter = '.' }));
        Assert.That(folder.Names, Is.Empty);
        Csv.Write(folder["v"], Tensor.Create([1f, 2f]));
        Assert.That(File.ReadAllText(folder["v"]), Is.EqualTo("1\n2\n"));
    }
}
