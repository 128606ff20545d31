using System.IO.Compression;
using System.Numerics.Tensors;
using System.Text;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Thousands of damaged files of every format: each is read, or refused with a DataFormatException, within bounded memory and time.</summary>
[Parallelizable]
internal sealed class FuzzTests
{
    private const int Cases = 20_000;

    /// <summary>Buffers of fixed size and the exception itself.</summary>
    private const long FixedBytes = 1 << 20;

    [Test]
    public void Npy()
    {
        byte[][] files =
        [
            NpyBytes.Array("<f4", false, "(4, 5)", new byte[80]),
            NpyBytes.Array(">i8", true, "(2, 3, 2)", new byte[96], version: 2),
            NpyBytes.Array("|b1", false, "(7,)", new byte[7], version: 3),
            NpyBytes.Array("<f8", true, "()", new byte[8]),
        ];
        Fuzz(files, bytesPerByte: 64, stream =>
        {
            NpyHeader header = FusionKernels.Npy.ReadHeader(stream);
            stream.Position = 0;
            Tensor<double> tensor = FusionKernels.Npy.ReadAs<double>(stream, conversion: ValueConversion.Round);
            Assert.That(tensor.FlattenedLength, Is.EqualTo((nint)header.ElementCount));
        });
    }

    [Test]
    public void Npz()
    {
        byte[][] files = [Zip(CompressionLevel.NoCompression), Zip(CompressionLevel.Optimal), Zip(CompressionLevel.Fastest)];
        // What deflate can reach, once for each of the two arrays and once more for the pieces.
        Fuzz(files, bytesPerByte: 4 * 1032, stream =>
        {
            using NpzArchive archive = NpzArchive.Open(stream);
            foreach (string name in archive.Names)
                archive.ReadAs<double>(name, ValueConversion.Round);
        });
    }

    [Test]
    public void Csv()
    {
        byte[][] files =
        [
            "x,y,class\n1,2.5,cat\n-3e4,nan,dog\n"u8.ToArray(),
            "\"a;b\";c\n# comment\n1;\"2\"\n\n3;4\n"u8.ToArray(),
            "1 2\t3\n4  5 6\n"u8.ToArray(),
            "\uFEFF1|2\r\n3|4\r\n"u8.ToArray(),
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("1,2\n3,4\n")],
        ];
        Fuzz(files, bytesPerByte: 256, stream =>
        {
            CsvTable table = FusionKernels.Csv.Read(stream);
            table.ToLabels(0);
            table.ToTensor<float>();
        });
    }

    [Test]
    public void CsvSeries()
    {
        byte[][] files =
        [
            "1,2.5,3\n-3e4,nan\n7\n"u8.ToArray(),
            "# comment\n1;\"2\"\n3;4;5\n"u8.ToArray(),
            "1 2\t3\n4  5\n"u8.ToArray(),
            "\uFEFF1|2\r\n3|4|5\r\n"u8.ToArray(),
        ];
        Fuzz(files, bytesPerByte: 256, stream =>
        {
            TimeSeriesSet<float> set = FusionKernels.Csv.ReadSeries<float>(stream);
            Assert.That(set.Series.All(one => one.Lengths[0] > 0 && one.Lengths[1] == 1));
        });
    }

    [Test]
    public void Wav()
    {
        byte[][] files =
        [
            WavBytes.File(WavBytes.Format(1, 16), WavBytes.Data16(1, -2, 3, -4, 5, -6)),
            WavBytes.File(WavBytes.Format(1, 8, channels: 2), WavBytes.Chunk("LIST", 1, 2, 3), WavBytes.Chunk("data", new byte[14])),
            WavBytes.File(WavBytes.Extensible(1, 24, validBits: 20), WavBytes.Chunk("data", new byte[9])),
            WavBytes.File(WavBytes.Format(3, 64, sampleRate: 44100), WavBytes.Chunk("fact", 1, 0, 0, 0), WavBytes.Chunk("data", new byte[32])),
        ];
        Fuzz(files, bytesPerByte: 64, stream =>
        {
            WavAudio<float> audio = FusionKernels.Wav.Read<float>(stream);
            Assert.That(audio.ToMono().Lengths[0], Is.EqualTo(audio.Samples.Lengths[0]));
        });
    }

    [Test]
    public void Ts()
    {
        byte[][] files =
        [
            "#c\n@problemName P\n@timeStamps false\n@missing true\n@univariate false\n@dimension 2\n@equalLength false\n@classLabel true a b\n@data\n1,2,?:4,5,6:a\n1:2:b\n"u8.ToArray(),
            "@univariate true\n@equalLength true\n@seriesLength 4\n@classLabel true 1 2\n@data\n1,2,3,4:1\n0.5,-1e3,nan,0:2\n"u8.ToArray(),
            "@targetLabel true\n@data\n1,2:0.5\n"u8.ToArray(),
            Encoding.ASCII.GetBytes("@classLabel false\n@data\n" + string.Concat(Enumerable.Repeat("1,2,3,4,5,6,7,8\n", 40))),
        ];
        Fuzz(files, bytesPerByte: 256, stream =>
        {
            TimeSeriesSet<float> set = FusionKernels.Ts.Read<float>(stream);
            Assert.That(set.Series.All(one => one.Lengths[1] == set.Channels));
        });
    }

    private static void Fuzz(byte[][] files, int bytesPerByte, Action<MemoryStream> read)
    {
        // Whole files first, so that what is measured later is the reading and not the preparation of code.
        foreach (byte[] file in files)
            IsRefused(file, read, "undamaged");
        int refused = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            byte[] damaged = new Mutation(seed).Damage(files[seed % files.Length], files[(seed / files.Length) % files.Length]);
            string what = $"seed {seed}: {Convert.ToHexString(damaged)}";
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Environment.TickCount64;
            if (IsRefused(damaged, read, what))
                refused++;
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(FixedBytes + ((long)damaged.Length * bytesPerByte)), $"bytes allocated, {what}");
            Assert.That(Environment.TickCount64 - started, Is.LessThan(10_000), $"milliseconds, {what}");
        }

        // Damage that is never noticed, or files that were never valid, would make the loop above empty words.
        Assert.That(refused, Is.InRange(Cases / 4, Cases - (Cases / 50)));
    }

    private static bool IsRefused(byte[] file, Action<MemoryStream> read, string what)
    {
        using var stream = new MemoryStream(file);
        try
        {
            read(stream);
            return false;
        }
        catch (DataFormatException e)
        {
            Assert.That(e.Message, Does.Not.Contain("\n").And.Not.Contain("\0"), what);
            return true;
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{what}: {e}");
        }
    }

    private static byte[] Zip(CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new NpzWriter(folder["a.npz"], level))
        {
            writer.Add("x", Tensor.Create(new float[40], [8, 5]));
            writer.Add("y", Tensor.Create([1L, 2L, 3L]));
            writer.Complete();
        }

        return File.ReadAllBytes(folder["a.npz"]);
    }
}
