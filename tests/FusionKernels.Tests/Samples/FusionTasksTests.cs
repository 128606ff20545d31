using FusionTasks;
using FusionTasks.Data;
using NUnit.Framework;

namespace FusionKernels.Tests.Samples;

/// <summary>The tasks of fusion in their tiny form: that each runs and says what it should; their figures are for the whole.</summary>
[TestFixture]
public sealed class FusionTasksTests
{
    [TestCase("retrieval", "wikipedia/image_train.csv", "classes")]
    [TestCase("sensors", "ucr/BasicMotions_TRAIN.ts", "gyroscope")]
    [TestCase("emotion", "", "majority")]
    public void A_task_runs_and_prints_what_stands_beside_it(string task, string data, string says) => Run(task, data, says);

    [Category("Slow")]
    [TestCase("digits", "mfeat/mfeat-fou.csv", "best single")]
    [TestCase("missing", "mfeat/mfeat-fou.csv", "kernel-mean")]
    [TestCase("labels", "mfeat/mfeat-fou.csv", "sum of graphs")]
    [TestCase("audiovisual", "fsdd/recordings", "speaker-disjoint")]
    [TestCase("questions", "easyvqa/easy_vqa_data.zip", "image-blind")]
    public void A_longer_task_runs_and_prints_what_stands_beside_it(string task, string data, string says) => Run(task, data, says);

    /// <summary>The whole tasks, not their tiny forms; without the data inconclusive, and so told.</summary>
    [Category("Slow")]
    [TestCase("questions", "easyvqa/easy_vqa_data.zip", @"^attention ([\d.]+) ", 87.6, 100)]
    [TestCase("retrieval", "wikipedia/image_train.csv", @"/([\d.]+) \(chosen\)", 0.2295, 1)]
    public void A_whole_task_reaches_what_is_wanted(string task, string data, string figure, double least, double most)
    {
        string root = SharedData.Require(data)[..^(data.Length + 1)];
        TaskResult result = TaskProgram.Tasks[task](new(root, null, 1, IsTiny: false, Threads: 0, TestContext.Out));
        TestContext.Out.WriteLine(result.Figures);
        double reached = double.Parse(System.Text.RegularExpressions.Regex.Match(result.Figures, figure).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(reached, Is.InRange(least, most), result.Figures);
        Assert.That(result.IsMet, Is.True, result.Wanted);
    }

    [Test]
    public void Without_data_a_task_is_skipped_and_says_so()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new();
        Assert.That(TaskProgram.Run(["digits", "--data", folder[""], "--table", folder["t.md"]], output), Is.Zero);
        Assert.That(output.ToString(), Does.Contain("skipped: mfeat/mfeat-fou.csv is not in"));
        Assert.That(File.ReadAllText(folder["t.md"]), Does.Contain("| digits | 1 | | skipped"));
        Assert.That(TaskProgram.Run(["dijits"], output), Is.EqualTo(2));
        Assert.That(TaskProgram.Run(["digits", "--seeds", "0"], output), Is.EqualTo(2));
        Assert.That(TaskProgram.Run([], output), Is.EqualTo(2));
        Assert.That(output.ToString(), Does.Contain("not understood: dijits").And.Contain("--table FILE"));
    }

    /// <summary>All tasks in a row for each seed, in the order of the list, whether their data are there or not.</summary>
    [Test]
    public void The_table_has_every_task_and_seed()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new();
        Assert.That(TaskProgram.Run(["all", "--tiny", "--data", folder[""], "--seed", "3", "--seeds", "2", "--table", folder["t.md"], "--machine", "here"], output), Is.Zero);
        string[] lines = File.ReadAllLines(folder["t.md"]);
        Assert.That(lines[0], Is.EqualTo("# Tasks of fusion on here"));
        Assert.That(lines[2], Does.StartWith("`FusionTasks all --table FILE`, seeds 3 to 4; .NET").And.EndsWith("tiny: figures mean nothing."));
        Assert.That(lines.Skip(6).Select(line => string.Join('|', line.Split('|')[1..3]).Trim()), Is.EqualTo(TaskProgram.Tasks.Keys.SelectMany(task => (string[])[$"{task} | 3", $"{task} | 4"])));
        Assert.That(lines[^1], Does.Match("^\\| emotion \\| 4 \\| synthetic, 120 utterances of 4 speakers.* \\| (yes|no) \\|$"));
    }

    [Test]
    public void Utterances_are_read_from_their_layout()
    {
        using TemporaryFolder folder = new();
        Utterances.WriteSynthetic(folder[""], speakers: 3, perSpeaker: 8, seed: 2);
        Views views = Utterances.Read(folder[""]);
        Assert.That((views.Rows, string.Join(' ', views.Names), string.Join(' ', views.ClassNames!)), Is.EqualTo((24, "audio text video", "angry happy neutral sad")));
        Assert.That(views.Groups, Is.EqualTo(Enumerable.Range(0, 24).Select(row => row / 8)));
        Assert.That(views.IsComplete, Is.False);
        File.Delete(folder["presence.csv"]);
        Assert.That(Utterances.Read(folder[""]).IsComplete, Is.True);
        File.AppendAllText(folder["labels.csv"], "sad\n");
        Assert.That(() => Utterances.Read(folder[""]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("audio has 24 utterances, labels.csv 25"));
        File.Delete(folder["speakers.csv"]);
        Assert.That(() => Utterances.Read(folder[""]), Throws.TypeOf<DataAbsentException>().With.Message.Contains("speakers.csv is not there"));
    }

    /// <summary>One image by every filter of the specification, against its pixels.</summary>
    [Test]
    public void Images_are_read_whatever_their_lines_are_filtered_by()
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 4 * 3).Select(at => (byte)((at * 37) ^ (at * at)))];
        (byte[] found, int height, int width) = Png.Read(new MemoryStream(PngOf(pixels, 5, 4)));
        Assert.That((height, width), Is.EqualTo((5, 4)));
        Assert.That(found, Is.EqualTo(pixels));
        Assert.That(() => Png.Read(new MemoryStream(PngOf(pixels, 5, 4)[..60])), Throws.InstanceOf<IOException>().Or.InstanceOf<InvalidDataException>());
        Assert.That(() => Png.Read(new MemoryStream([1, 2, 3])), Throws.TypeOf<InvalidDataException>());
    }

    private static void Run(string task, string data, string says)
    {
        if (data.Length > 0) _ = SharedData.Require(data);
        string root = data.Length > 0 ? SharedData.Require(data)[..^(data.Length + 1)] : "";
        using StringWriter output = new();
        Assert.That(TaskProgram.Run([task, "--tiny", "--data", root], output), Is.Zero);
        TestContext.Out.WriteLine(output);
        Assert.That(output.ToString(), Does.Contain(says).And.Contain("majority").Or.Contain("random"));
        Assert.That(output.ToString(), Does.Match("(met|NOT MET): "));
    }

    /// <summary>An image whose k-th line goes through filter k.</summary>
    private static byte[] PngOf(byte[] pixels, int height, int width)
    {
        using MemoryStream file = new(), packed = new();
        using (System.IO.Compression.ZLibStream deflated = new(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                deflated.WriteByte((byte)(y % 5));
                for (int x = 0; x < width * 3; x++)
                {
                    int left = At(y, x - 3), above = At(y - 1, x), corner = x >= 3 ? At(y - 1, x - 3) : 0, guess = left + above - corner;
                    int nearest = new[] { left, above, corner }.OrderBy(one => Math.Abs(guess - one)).First();
                    deflated.WriteByte((byte)(At(y, x) - (y % 5) switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => nearest }));
                }
            }
        }

        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        Chunk("IHDR"u8, [0, 0, 0, (byte)width, 0, 0, 0, (byte)height, 8, 2, 0, 0, 0]);
        Chunk("IDAT"u8, packed.ToArray());
        Chunk("IEND"u8, []);
        return file.ToArray();

        int At(int y, int x) => y < 0 || x < 0 ? 0 : pixels[(y * width * 3) + x];

        void Chunk(ReadOnlySpan<byte> name, byte[] content)
        {
            file.Write([0, 0, (byte)(content.Length >> 8), (byte)content.Length]);
            file.Write(name);
            file.Write(content);
            file.Write([0, 0, 0, 0]);
        }
    }
}
