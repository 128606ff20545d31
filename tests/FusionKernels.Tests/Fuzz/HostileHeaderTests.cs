using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FusionKernels.Tests.Data;
using NUnit.Framework;

namespace FusionKernels.Tests.Fuzz;

/// <summary>Headers that claim 32 GiB in files of a few bytes: refused before memory is taken for what they claim.</summary>
[TestFixture]
public sealed class HostileHeaderTests
{
    private const long Claimed = 32L << 30;

    /// <summary>What a refusal may allocate: the header, and its words.</summary>
    private const long Allowed = 1 << 20;

    /// <summary>Shapes of eight elements and of 64 bytes where products wrap at 2^64: what the file holds.</summary>
    private static readonly string[] s_wrapping = ["8, 2305843009213693953", "2305843009213693960"];

    [Test]
    public void Npy([Values("(4294967296,)", "(65536, 65536, 2)", "(0, 4294967296, 4294967296, 4294967296)", "(4294967296, 4294967296)", "(9223372036854775807, 2)")] string shape) => Refused(
        NpyBytes.Array("<f8", false, shape, new byte[64]), path => FusionKernels.Npy.Read<double>(path), path => FusionKernels.Npy.ReadHeader(path), path => new NpyRowReader<double>(path).Dispose());

    [Test]
    public void Shapes_whose_products_wrap([ValueSource(nameof(s_wrapping))] string shape)
    {
        byte[] npy = NpyBytes.Array("<f8", false, $"({shape},)", new byte[64]);
        Refused(npy, path => FusionKernels.Npy.Read<double>(path), path => FusionKernels.Npy.ReadHeader(path), path => new NpyRowReader<double>(path).Dispose());
        Refused(Zip(npy, isDeflated: false), path => FusionKernels.Npz.Read<double>(path, "x"), path => FusionKernels.Npz.ReadAll<double>(path));
        Refused(Tensors($$$"""{"w":{"dtype":"F64","shape":[{{{shape}}}],"data_offsets":[0,64]}}"""), path => SafetensorsFile.Open(path).Dispose());
    }

    /// <summary>The fields of 64 bits that stand in for those of 32, in the entry's record or in that of the directory.</summary>
    [Test]
    public void Npz_in_the_form_of_large_archives([Values] Zip64Claim lie)
    {
        byte[] zip = HostileZip64.Of(lie, Claimed);
        if (lie == Zip64Claim.None) Assert.That(NpzArchive.Open(new MemoryStream(zip)).Read<double>("x").FlattenedLength, Is.EqualTo((nint)8), "an archive that does not lie is read");
        else Refused(zip, path => FusionKernels.Npz.Read<double>(path, "x"), path => FusionKernels.Npz.ReadAll<double>(path));
    }

    [Test]
    public void Npz_entries_that_say_they_are_long([Values] bool isDeflated)
    {
        byte[] zip = Zip(NpyBytes.Array("<f8", false, "(4294967296,)", new byte[64]), isDeflated);

        // The size is told by the header before the entry and by the directory; both claim the most that 32 bits hold.
        foreach ((byte[] mark, int size) in (ReadOnlySpan<(byte[], int)>)[("PK\x03\x04"u8.ToArray(), 22), ("PK\x01\x02"u8.ToArray(), 24)])
        {
            int at = zip.AsSpan().IndexOf(mark);
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + size), uint.MaxValue - 1);
        }

        Refused(zip, path => FusionKernels.Npz.Read<double>(path, "x"));
    }

    [Test]
    public void Npz_entries_whose_arrays_say_they_are_long([Values] bool isDeflated) =>
        Refused(Zip(NpyBytes.Array("<f8", false, "(4294967296,)", new byte[64]), isDeflated), path => FusionKernels.Npz.Read<double>(path, "x"), path => FusionKernels.Npz.ReadAll<double>(path));

    /// <summary>A bomb that keeps to its own sizes is as long as it says; one whose array is shorter is refused without being unpacked.</summary>
    [Test]
    public void Npz_bombs_are_not_unpacked()
    {
        byte[] zip = Zip([.. NpyBytes.Array("<f8", false, "(8,)", new byte[64]), .. new byte[8 << 20]], isDeflated: true);
        Assert.That(zip, Has.Length.LessThan(1 << 20));
        Refused(zip, path => FusionKernels.Npz.Read<double>(path, "x"));
    }

    [Test]
    public void Safetensors()
    {
        string header = $$$"""{"w":{"dtype":"F64","shape":[{{{Claimed / 8}}}],"data_offsets":[0,{{{Claimed}}}]}}""";
        byte[] file = Tensors(header);
        Refused(file, path => SafetensorsFile.Open(path).Dispose(), path => DeepCanonicalCorrelation.Load<double>(path));
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)Claimed);
        Refused(file, path => SafetensorsFile.Open(path).Dispose());
    }

    /// <summary>The chunk that tells 64-bit lengths of a large sound, in a file that says so at its start and in one that does not.</summary>
    [Test]
    public void Wav_in_the_form_of_large_sounds([Values] bool isMarked)
    {
        byte[] sizes = new byte[28];
        BinaryPrimitives.WriteInt64LittleEndian(sizes, Claimed + 72);
        BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(8), Claimed);
        BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(16), Claimed / 2);
        byte[] data = WavBytes.Data16(1, 2, 3);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), uint.MaxValue);
        byte[] file = WavBytes.File(WavBytes.Chunk("ds64", sizes), WavBytes.Format(1, 16), data);
        if (isMarked)
        {
            "RF64"u8.CopyTo(file);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), uint.MaxValue);
        }

        Refused(file, path => FusionKernels.Wav.Read<float>(path));
    }

    [Test]
    public void Wav()
    {
        byte[] file = WavBytes.File(WavBytes.Format(1, 16), WavBytes.Data16(1, 2, 3));
        foreach (int at in (int[])[4, 40])
        {
            byte[] hostile = [.. file];
            BinaryPrimitives.WriteUInt32LittleEndian(hostile.AsSpan(at), uint.MaxValue - 7);
            Refused(hostile, path => FusionKernels.Wav.Read<float>(path));
        }
    }

    /// <summary>A file of 32 GiB that is all hole: its header is held against its length, and its rows are read one by one.</summary>
    [Test]
    public void A_file_that_is_as_long_as_it_says_is_read_in_rows()
    {
        using TemporaryFolder folder = new();
        byte[] header = NpyBytes.Array("<f8", false, $"({Claimed / 8 / 1024}, 1024)", []);
        using (FileStream hole = new(folder["h.npy"], FileMode.CreateNew))
        {
            hole.Write(header);
            hole.SetLength(header.Length + Claimed);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using (NpyRowReader<double> reader = new(folder["h.npy"])) Assert.That(reader.Read(reader.Rows - 1, reader.Rows).Lengths[1], Is.EqualTo((nint)1024));
        Assert.That(() => FusionKernels.Npy.Read<double>(folder["h.npy"]), Throws.TypeOf<DataFormatException>().With.Message.Contain("NpyRowReader"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Allowed));
    }

    private static void Refused(byte[] file, params ReadOnlySpan<Action<string>> readers)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("hostile", file);
        foreach (Action<string> read in readers)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(() => read(path), Throws.TypeOf<DataFormatException>());
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Allowed));
        }
    }

    /// <summary>A safetensors file of a header and 64 bytes.</summary>
    private static byte[] Tensors(string header)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[64]];
    }

    private static byte[] Zip(byte[] entry, bool isDeflated)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream one = zip.CreateEntry("x.npy", isDeflated ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
            one.Write(entry);
        }

        return stream.ToArray();
    }
}
