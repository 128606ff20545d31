using System.IO.Compression;
using System.Numerics.Tensors;
using System.Text;
using FusionKernels.Tests.Data;

namespace FusionKernels.Tests.Fuzz;

/// <summary>Every reader that takes bytes from elsewhere.</summary>
internal static partial class FuzzTargets
{
    /// <summary>What deflate can reach (1032 to 1), for an archive's arrays as they are read and as they are converted.</summary>
    private const int Deflated = 4 * 1032;

    // Not before the fields of the other part are there.
    private static readonly Lazy<IReadOnlyList<FuzzTarget>> s_all = new(() => [.. Streams(), .. Paths(), .. Models()]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All => s_all.Value;

    private static IEnumerable<FuzzTarget> Streams()
    {
        yield return new("npy", NpyFiles, (bytes, _) =>
        {
            using MemoryStream stream = new(bytes);
            NpyHeader header = Npy.ReadHeader(stream);
            stream.Position = 0;
            Tensor<double> tensor = Npy.ReadAs<double>(stream, conversion: ValueConversion.Round);
            Require(tensor.FlattenedLength == header.ElementCount, "as many elements as the header says");
        }, 64);
        yield return new("npz", () => [Archive(CompressionLevel.NoCompression), Archive(CompressionLevel.Optimal), Archive(CompressionLevel.Fastest)], (bytes, _) =>
        {
            using MemoryStream stream = new(bytes);
            using NpzArchive archive = NpzArchive.Open(stream);
            foreach (string name in archive.Names) archive.ReadAs<double>(name, ValueConversion.Round);
        }, Deflated, ContainerDamage.Zip);
        yield return new("csv", () => Texts(
            "x,y,class\n1,2.5,1\n-3e4,nan,2\n", "\"a;b\";c\n# comment\n1;\"2\"\n\n3;4\n", "1 2\t3\n4  5 6\n", "\uFEFF1|2\r\n3|4\r\n"), (bytes, _) =>
        {
            CsvTable table = Csv.Read(new MemoryStream(bytes));
            table.ToLabels(0);
            table.ToTensor<float>();
        }, 256);
        yield return new("csv-utf16", () => [[.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("1,2\n3,4\n")]], (bytes, _) => Csv.Read(new MemoryStream(bytes)).ToTensor<double>(), 256);
        yield return new("csv-series", () => Texts("1,2.5,3\n-3e4,2\n7\n", "# comment\n1;\"2\"\n3;4;5\n", "1 2\t3\n4  5\n", "\uFEFF1|2\r\n3|4|5\r\n"), (bytes, _) =>
        {
            TimeSeriesSet<float> set = Csv.ReadSeries<float>(new MemoryStream(bytes));
            Require(set.Series.All(one => one.Lengths[0] > 0 && one.Lengths[1] == 1), "series of one channel");
        }, 256);
        yield return new("wav", WavFiles, (bytes, _) =>
        {
            WavAudio<float> audio = Wav.Read<float>(new MemoryStream(bytes));
            Require(audio.ToMono().Lengths[0] == audio.Samples.Lengths[0], "as many samples in mono");
        }, 64);
        yield return new("ts", () => Texts(
            "#c\n@problemName P\n@timeStamps false\n@missing true\n@univariate false\n@dimension 2\n@equalLength false\n@classLabel true a b\n@data\n1,2,?:4,5,6:a\n1:2:b\n",
            "@univariate true\n@equalLength true\n@seriesLength 4\n@classLabel true 1 2\n@data\n1,2,3,4:1\n0.5,-1e3,nan,0:2\n",
            "@targetLabel true\n@data\n1,2:0.5\n",
            "@classLabel false\n@data\n" + string.Concat(Enumerable.Repeat("1,2,3,4,5,6,7,8\n", 40))), (bytes, _) =>
        {
            TimeSeriesSet<float> set = Ts.Read<float>(new MemoryStream(bytes));
            Require(set.Series.All(one => one.Lengths[1] == set.Channels), "one number of channels");
        }, 256);
    }

    private static byte[][] NpyFiles() =>
    [
        NpyBytes.Array("<f4", false, "(4, 5)", new byte[80]),
        NpyBytes.Array(">i8", true, "(2, 3, 2)", new byte[96], version: 2),
        NpyBytes.Array("|b1", false, "(7,)", new byte[7], version: 3),
        NpyBytes.Array("<f8", true, "()", new byte[8]),
    ];

    private static byte[][] WavFiles() =>
    [
        WavBytes.File(WavBytes.Format(1, 16), WavBytes.Data16(1, -2, 3, -4, 5, -6)),
        WavBytes.File(WavBytes.Format(1, 8, channels: 2), WavBytes.Chunk("LIST", 1, 2, 3), WavBytes.Chunk("data", new byte[14])),
        WavBytes.File(WavBytes.Extensible(1, 24, validBits: 20), WavBytes.Chunk("data", new byte[9])),
        WavBytes.File(WavBytes.Format(3, 64, sampleRate: 44100), WavBytes.Chunk("fact", 1, 0, 0, 0), WavBytes.Chunk("data", new byte[32])),
    ];

    private static byte[] Archive(CompressionLevel level) => Made(path =>
    {
        using NpzWriter writer = new(path, level);
        writer.Add("x", Tensor.Create(new float[40], [8, 5]));
        writer.Add("y", Tensor.Create([1L, 2L, 3L]));
        writer.Complete();
    });

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The bytes of a file that something writes.</summary>
    private static byte[] Made(Action<string> write)
    {
        using TemporaryFolder folder = new();
        write(folder["made"]);
        return File.ReadAllBytes(folder["made"]);
    }

    private static void Require(bool condition, string what)
    {
        if (!condition) throw new InvalidOperationException($"what was read lacks {what}");
    }
}
