using System.IO.Compression;
using System.Numerics.Tensors;
using System.Text;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Archives of arrays: stored and deflated, mixed types, and every way they can lie.</summary>
internal sealed class NpzTests
{
    [Test]
    public void Reads_what_a_zip_of_npy_files_holds([Values(CompressionLevel.NoCompression, CompressionLevel.Optimal)] CompressionLevel level)
    {
        byte[] zip = Zip(level, ("x.npy", NpyBytes.Array("<f4", false, "(2, 2)", NpyBytes.Encode("<f4", 1, 2, 3, 4))), ("y.npy", NpyBytes.Array(">i8", true, "(2, 2)", NpyBytes.Encode(">i8", 1, 2, 3, 4))), ("readme.txt", "hello"u8.ToArray()));
        using NpzArchive archive = NpzArchive.Open(new MemoryStream(zip));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', archive.Names), Is.EqualTo("x y"));
            Assert.That(archive.ReadHeader("y").ElementType, Is.EqualTo(NpyType.I8));
            DataAssert.Holds(archive.Read<float>("x"), [2, 2], 1f, 2f, 3f, 4f);
            DataAssert.Holds(archive.Read<long>("y"), [2, 2], 1L, 3L, 2L, 4L);
            DataAssert.Holds(archive.ReadAs<double>("y"), [2, 2], 1d, 3d, 2d, 4d);
        }
    }

    [Test]
    public void Round_trips_mixed_types([Values(CompressionLevel.NoCompression, CompressionLevel.Fastest)] CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 2; i++)
        {
            using var writer = new NpzWriter(folder[$"{i}.npz"], level);
            writer.Add("values", Tensor.Create([1f, float.NaN, 3f], [3, 1]));
            writer.Add("labels", Tensor.Create([7, 8, 9]));
            writer.Add("present", Tensor.Create([true, false, true]));
            writer.Complete();
        }

        DataAssert.Holds(Npz.Read<float>(folder["0.npz"], "values"), [3, 1], 1f, float.NaN, 3f);
        DataAssert.Holds(Npz.Read<bool>(folder["0.npz"], "present"), [3], true, false, true);
        DataAssert.Malformed(() => Npz.ReadAll<float>(folder["0.npz"]), "entry 'labels.npy', byte 0", "float32", "int32");
        Assert.That(File.ReadAllBytes(folder["1.npz"]), Is.EqualTo(File.ReadAllBytes(folder["0.npz"])));
    }

    [Test]
    public void Whole_files_of_one_type_keep_their_order()
    {
        using var folder = new TemporaryFolder();
        Npz.Write(folder["a.npz"], new[] { KeyValuePair.Create("z", Tensor.Create([1d])), KeyValuePair.Create("a", Tensor.Create([2d])) });
        IReadOnlyDictionary<string, Tensor<double>> read = Npz.ReadAll<double>(folder["a.npz"]);
        Assert.That(string.Join(' ', read.Keys), Is.EqualTo("z a"));
        DataAssert.Holds(read["a"], [1], 2d);
    }

    [Test]
    public void Nothing_is_left_of_an_archive_that_was_not_completed()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new NpzWriter(folder["a.npz"]))
        {
            writer.Add("x", Tensor.Create([1f]));
            Assert.Throws<ArgumentException>(() => writer.Add("x", Tensor.Create([1f])));
        }

        Assert.That(folder.Names, Is.Empty);
    }

    [Test]
    public void An_absent_name_lists_the_present_ones()
    {
        using NpzArchive archive = NpzArchive.Open(new MemoryStream(Zip(CompressionLevel.Fastest, ("x.npy", NpyBytes.Array("|u1", false, "(1,)", [1])))));
        KeyNotFoundException? error = Assert.Throws<KeyNotFoundException>(() => archive.Read<byte>("q"));
        Assert.That(error!.Message, Does.Contain("'q'").And.Contain("x"));
    }

    [Test]
    public void A_changed_byte_is_found_by_its_checksum()
    {
        byte[] zip = Zip(CompressionLevel.NoCompression, ("x.npy", NpyBytes.Array("|u1", false, "(4,)", "abcd"u8)));
        zip[zip.AsSpan().IndexOf("abcd"u8)]++;
        using NpzArchive archive = NpzArchive.Open(new MemoryStream(zip));
        Assert.Throws<DataFormatException>(() => archive.Read<byte>("x"));
    }

    [Test]
    public void A_declared_size_beyond_what_deflate_reaches_costs_no_memory()
    {
        byte[] npy = NpyBytes.Array("|u1", false, "(2000000000,)", []);
        byte[] zip = Zip(CompressionLevel.Optimal, ("x.npy", npy));
        // The uncompressed size stands at byte 24 of the directory's record.
        int record = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(record + 24), 2_000_000_000 + npy.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using NpzArchive archive = NpzArchive.Open(new MemoryStream(zip));
        DataAssert.Malformed(() => archive.Read<byte>("x"), "entry 'x.npy'", "at most", "a declared size of 2000000128");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void An_array_twice_is_refused()
    {
        byte[] npy = NpyBytes.Array("|u1", false, "(1,)", [1]);
        byte[] zip = Zip(CompressionLevel.Optimal, ("x.npy", npy), ("x.npy", npy));
        DataAssert.Malformed(() => NpzArchive.Open(new MemoryStream(zip)).Dispose(), "zip directory", "each array once", "'x' twice");
    }

    [TestCase("")]
    [TestCase("not a zip archive at all, but long enough to be searched for one")]
    public void Something_else_than_a_zip(string content) =>
        DataAssert.Malformed(() => NpzArchive.Open(new MemoryStream(Encoding.UTF8.GetBytes(content))).Dispose(), "zip directory", "a readable zip archive", "");

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
