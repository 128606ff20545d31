using System.Numerics.Tensors;
using System.Text;
using FusionKernels.Cli;
using FusionKernels.Tests.Data;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>Series and sets of series from every kind of file, and one line for each that cannot be read.</summary>
[Parallelizable]
internal sealed class SeriesFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void One_series_from_an_array()
    {
        Npy.Write(_folder["v.npy"], Tensor.Create([1d, 2d, 3d]));
        DataAssert.Holds(SeriesFile.Read<float>(_folder["v.npy"]), [3, 1], 1f, 2f, 3f);
        Npy.Write(_folder["M.NPY"], Tensor.Create([1, 2, 3, 4, 5, 6], [3, 2]));
        DataAssert.Holds(SeriesFile.Read<double>(_folder["M.NPY"]), [3, 2], 1d, 2, 3, 4, 5, 6);
    }

    [TestCase("x.csv", "value\n1\n2\n3\n")]
    [TestCase("x.txt", "1\n2\n3\n")]
    [TestCase("x.tsv", "1\n2\n3\n")]
    public void One_series_from_text(string name, string text) => DataAssert.Holds(SeriesFile.Read<float>(Write(name, text)), [3, 1], 1f, 2f, 3f);

    [Test]
    public void One_series_of_vectors_from_text() => DataAssert.Holds(SeriesFile.Read<float>(Write("x.csv", "1,2\n3,4\n5,6\n")), [3, 2], 1f, 2f, 3f, 4f, 5f, 6f);

    [Test]
    public void One_series_from_sound()
    {
        string path = _folder["x.wav"];
        Wav.Write(path, new WavAudio<double>(Tensor.Create([0.5, 0, -0.25, 0.25], [2, 2]), 8000));
        DataAssert.Holds(SeriesFile.Read<float>(path), [2, 1], 0.25f, 0f);
        Assert.That(SeriesFile.Read<float>(path, SeriesFeatures.Mfcc).Lengths.ToArray(), Is.EqualTo(new nint[] { 1, 13 }));
    }

    [Test]
    public void A_set_from_an_array()
    {
        Npy.Write(_folder["a.npy"], Tensor.Create([1f, 2f, 3f, 4f, 5f, 6f], [3, 2]));
        TimeSeriesSet<float> set = SeriesFile.ReadSet<float>(_folder["a.npy"]);
        Assert.That((set.ProblemName, set.Count, set.Channels), Is.EqualTo(("a", 3, 1)));
        DataAssert.Holds(set.Series[2], [2, 1], 5f, 6f);
        Npy.Write(_folder["b.npy"], Tensor.Create([1f, 2f, 3f, 4f, 5f, 6f], [1, 3, 2]));
        DataAssert.Holds(SeriesFile.ReadSet<float>(_folder["b.npy"]).Series[0], [3, 2], 1f, 2f, 3f, 4f, 5f, 6f);
    }

    [Test]
    public void A_set_from_text_keeps_lengths_and_labels()
    {
        DataAssert.Holds(SeriesFile.ReadSet<float>(Write("x.csv", "1,2,3\n4\n")).Series[1], [1, 1], 4f);
        TimeSeriesSet<float> labelled = SeriesFile.ReadSet<float>(Write("x.ts", "@classLabel true a b\n@data\n1,2:b\n3:a\n"));
        Assert.That((labelled.Count, labelled.Labels![0]), Is.EqualTo((2, "b")));
    }

    [TestCase("x.ts", "1\n", "x.ts: .ts files are not understood as one series", ".wav")]
    [TestCase("x.npz", "1\n", ".npz files are not understood as one series", ".npy (L or L x C)")]
    [TestCase("x", "1\n", "no extension", "as one series")]
    [TestCase("x.csv", "1\nnan\n", "x.csv: time 1, channel 0 (from 0) is NaN")]
    [TestCase("x.csv", "1,2\n3\n", "line 2", "2 cells")]
    [TestCase("x.csv", "value\n", "0 x 1", "at least one value")]
    [TestCase("x.npy", "1\n2\n", "x.npy, byte 0")]
    [TestCase("x.wav", "1\n2\n", "x.wav, byte 0")]
    public void What_is_no_series_is_told_in_one_line(string name, string content, params string[] words) =>
        Failed(() => SeriesFile.Read<float>(Write(name, content)), words);

    [TestCase("x.wav", "1\n", ".wav files are not understood as a set of series", ".ts")]
    [TestCase("x.csv", "1,2\n\n3\n", "x.csv, line 2", "an empty line")]
    [TestCase("x.csv", "1,2\n3,inf\n", "x.csv: series 1, time 1, channel 0 (from 0) is", "finite")]
    [TestCase("x.ts", "@classLabel false\n@data\n1,2\n3,?\n", "x.ts: series 1, time 1, channel 0 (from 0) is NaN")]
    public void What_is_no_set_is_told_in_one_line(string name, string content, params string[] words) =>
        Failed(() => SeriesFile.ReadSet<float>(Write(name, content)), words);

    [Test]
    public void Binary_bytes_under_the_name_of_text_are_refused()
    {
        Npy.Write(_folder["x.npy"], Tensor.Create([1f, 2f]));
        File.Move(_folder["x.npy"], _folder["x.csv"]);
        Failed(() => SeriesFile.Read<float>(_folder["x.csv"]), "x.csv, line");
        Failed(() => SeriesFile.ReadSet<float>(_folder["x.csv"]), "x.csv, line");
    }

    [Test]
    public void Shapes_are_told()
    {
        Npy.Write(_folder["deep.npy"], Tensor.CreateFromShape<float>([2, 3, 4]));
        Npy.Write(_folder["flat.npy"], Tensor.Create([1f, 2f]));
        Npy.Write(_folder["none.npy"], Tensor.CreateFromShape<float>([0, 3]));
        Failed(() => SeriesFile.Read<float>(_folder["deep.npy"]), "is 2 x 3 x 4", "L or L x C");
        Failed(() => SeriesFile.Read<float>(_folder["none.npy"]), "is 0 x 3");
        Failed(() => SeriesFile.ReadSet<float>(_folder["flat.npy"]), "is 2;", "N x L or N x L x C");
        Failed(() => SeriesFile.ReadSet<float>(_folder["none.npy"]), "is 0 x 3");
    }

    [Test]
    public void Cepstra_are_of_sound_alone()
    {
        string path = Write("x.csv", "1\n2\n");
        Assert.That(() => SeriesFile.Read<float>(path, SeriesFeatures.Mfcc), Throws.TypeOf<UsageException>().With.Message.Contains("--features mfcc is for .wav files"));
        Wav.Write(_folder["x.wav"], new WavAudio<float>(Tensor.Create([0f, float.NaN], [2, 1]), 8000), WavEncoding.Ieee32);
        Failed(() => SeriesFile.Read<float>(_folder["x.wav"], SeriesFeatures.Mfcc), "x.wav: samples[1] is NaN");
        Failed(() => SeriesFile.Read<float>(_folder["x.wav"]), "x.wav: time 1, channel 0 (from 0) is NaN");
    }

    [Test]
    public void A_missing_file_and_a_folder_are_named()
    {
        Failed(() => SeriesFile.Read<float>(_folder["nowhere.npy"]), "nowhere.npy: no such file");
        Failed(() => SeriesFile.ReadSet<float>(Path.GetDirectoryName(_folder["x"])!), "is a folder");
    }

    private string Write(string name, string text) => _folder.Write(name, Encoding.UTF8.GetBytes(text));

    private static void Failed(Action read, params string[] words)
    {
        Exception? error = Assert.Catch(read);
        Failure failure = Failure.Of(error!);
        Assert.That(failure.Code, Is.EqualTo(ExitCode.Data), error!.ToString());
        foreach (string word in words) Assert.That(failure.Message, Does.Contain(word).And.Not.Contain("\n"));
    }
}
