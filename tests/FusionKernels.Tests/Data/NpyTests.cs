using System.Numerics.Tensors;
using System.Text;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Whole .npy files: every type, order and version against bytes built by hand.</summary>
internal sealed class NpyTests
{
    private static readonly string[] Descriptors = ["<f4", ">f4", "<f8", ">f8", "<i4", ">i4", "<i8", ">i8", "|u1", "|b1"];

    [Test]
    public void Writes_the_very_bytes_that_numpy_writes()
    {
        // numpy.save of numpy.array([[1.5, -2], [3, 4]], "<f4").
        string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }".PadRight(117) + "\n";
        byte[] file =
        [
            0x93, .. "NUMPY"u8, 1, 0, (byte)'v', 0, .. Encoding.ASCII.GetBytes(text),
            0x00, 0x00, 0xC0, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0x80, 0x40,
        ];

        using var stream = new MemoryStream();
        Npy.Write<float>(stream, Tensor.Create([1.5f, -2, 3, 4], [2, 2]).AsReadOnlyTensorSpan());

        Assert.That(stream.ToArray(), Is.EqualTo(file));
    }

    [Test]
    public void Reads_every_type_order_and_version(
        [ValueSource(nameof(Descriptors))] string descriptor, [Values] bool fortranOrder, [Values(1, 2, 3)] int version)
    {
        int[] values = descriptor == "|b1" ? [0, 1, 1, 0, 1, 0] : [1, 2, 3, 4, 5, 6];
        // The first index varies fastest in Fortran order: element (i, j) of 2 x 3 stands at i + 2 j.
        int[] stored = fortranOrder ? [values[0], values[3], values[1], values[4], values[2], values[5]] : values;
        byte[] file = NpyBytes.Array(descriptor, fortranOrder, "(2, 3)", NpyBytes.Encode(descriptor, stored), version);

        using var stream = new MemoryStream(file);
        NpyHeader header = Npy.ReadHeader(stream);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(header.Version, Is.EqualTo(version));
            Assert.That(header.IsFortranOrder, Is.EqualTo(fortranOrder));
            Assert.That(header.Shape, Is.EqualTo(new long[] { 2, 3 }));
            Assert.That(header.DataOffset % 64, Is.Zero);
            Assert.That(header.IsBigEndian, Is.EqualTo(descriptor[0] == '>'));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ReadStrictly(file, header.ElementType), Is.EqualTo(values));
            stream.Position = 0;
            DataAssert.Holds(Npy.ReadAs<double>(stream), [2, 3], [.. values.Select(value => (double)value)]);
        }
    }

    [Test]
    public void Reads_fortran_order_of_any_rank()
    {
        int[] shape = [3, 4, 5, 2];
        int[] stored = [.. Enumerable.Range(0, 120)];
        using var stream = new MemoryStream(NpyBytes.Array("<i4", true, "(3, 4, 5, 2)", NpyBytes.Encode("<i4", stored)));
        Tensor<int> tensor = Npy.Read<int>(stream);
        for (int i = 0; i < shape[0]; i++)
        {
            for (int j = 0; j < shape[1]; j++)
            {
                for (int k = 0; k < shape[2]; k++)
                {
                    for (int l = 0; l < shape[3]; l++)
                        Assert.That(tensor[i, j, k, l], Is.EqualTo(i + (3 * (j + (4 * (k + (5 * l)))))));
                }
            }
        }
    }

    [Test]
    public void Reads_more_elements_than_one_piece_holds([Values] bool fortranOrder, [Values("<f4", ">f4")] string descriptor)
    {
        const int rows = 257, columns = 521;
        int[] stored = [.. Enumerable.Range(0, rows * columns)];
        using var stream = new MemoryStream(NpyBytes.Array(descriptor, fortranOrder, $"({rows}, {columns})", NpyBytes.Encode(descriptor, stored)));
        Tensor<float> tensor = Npy.Read<float>(stream);
        foreach ((int row, int column) in new[] { (0, 0), (0, 1), (1, 0), (255, 300), (256, 520), (127, 519) })
            Assert.That(tensor[row, column], Is.EqualTo(fortranOrder ? row + (column * rows) : (row * columns) + column));
    }

    [TestCase("()", new long[0], 1)]
    [TestCase("(0,)", new long[] { 0 }, 0)]
    [TestCase("(3, 0, 2)", new long[] { 3, 0, 2 }, 0)]
    [TestCase("(0, 7)", new long[] { 0, 7 }, 0)]
    [TestCase("(1, 1, 1)", new long[] { 1, 1, 1 }, 1)]
    public void Reads_scalars_and_empty_dimensions(string shape, long[] expected, int count)
    {
        byte[] file = NpyBytes.Array("<f8", false, shape, new byte[8 * count]);
        using var stream = new MemoryStream(file);
        Assert.That(Npy.ReadHeader(stream).Shape, Is.EqualTo(expected));
        stream.Position = 0;
        Tensor<double> tensor = Npy.Read<double>(stream);
        Assert.That(tensor.Lengths.ToArray(), Is.EqualTo(expected.Length == 0 ? [1] : expected.Select(length => (nint)length).ToArray()));
        Assert.That(tensor.FlattenedLength, Is.EqualTo((nint)count));
    }

    [TestCase("{\"shape\": (2,), \"fortran_order\": False, \"descr\": \"|u1\"}")]
    [TestCase("{'fortran_order':False,'descr':'|u1','shape':(2L,)}")]
    [TestCase("  { 'shape' : ( 2 , ) , 'descr' : '<u1' , 'fortran_order' : True }")]
    public void Reads_the_header_as_python_would(string header)
    {
        using var stream = new MemoryStream(NpyBytes.File(header, [7, 8]));
        DataAssert.Holds(Npy.Read<byte>(stream), [2], (byte)7, (byte)8);
    }

    [Test]
    public void Round_trips_every_type_bit_for_bit()
    {
        RoundTrip(float.NaN, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue, 0.1f);
        RoundTrip(double.NaN, double.PositiveInfinity, -0d, double.Epsilon, double.MinValue, 0.1);
        RoundTrip(int.MinValue, -1, 0, 1, int.MaxValue, 42);
        RoundTrip(long.MinValue, -1L, 0, 1, long.MaxValue, 42);
        RoundTrip<byte>(0, 1, 2, 127, 128, 255);
        RoundTrip(true, false, true, true, false, false);
    }

    [Test]
    public void Writes_strided_and_transposed_tensors_in_c_order()
    {
        using var folder = new TemporaryFolder();
        Tensor<int> whole = Tensor.Create([.. Enumerable.Range(0, 12)], [3, 4]);
        Npy.Write<int>(folder["slice.npy"], whole.AsReadOnlyTensorSpan().Slice([1..3, 1..4]));
        DataAssert.Holds(Npy.Read<int>(folder["slice.npy"]), [2, 3], 5, 6, 7, 9, 10, 11);
        Npy.Write<int>(folder["turned.npy"], new ReadOnlyTensorSpan<int>([1, 2, 3, 4, 5, 6], [3, 2], [1, 3]));
        DataAssert.Holds(Npy.Read<int>(folder["turned.npy"]), [3, 2], 1, 4, 2, 5, 3, 6);
        Npy.Write<int>(folder["broadcast.npy"], new ReadOnlyTensorSpan<int>([7], [2, 3], [0, 0]));
        DataAssert.Holds(Npy.Read<int>(folder["broadcast.npy"]), [2, 3], 7, 7, 7, 7, 7, 7);
        Npy.Write<int>(folder["nothing.npy"], default(ReadOnlyTensorSpan<int>));
        Assert.That(Npy.Read<int>(folder["nothing.npy"]).IsEmpty);
    }

    [Test]
    public void A_file_appears_complete_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("k.npy", [1, 2, 3]);
        Assert.Throws<NotSupportedException>(() => Npy.Write(path, Tensor.Create([(short)1])));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(folder.Names.Single(), Is.EqualTo("k.npy"));
        Npy.Write(path, Tensor.Create([1f]));
        Assert.That(folder.Names.Single(), Is.EqualTo("k.npy"));
        DataAssert.Holds(Npy.Read<float>(path), [1], 1f);
    }

    [Test]
    public void A_missing_file_is_named()
    {
        FileNotFoundException? error = Assert.Throws<FileNotFoundException>(() => Npy.Read<float>("absent.npy"));
        Assert.That(error!.Message, Does.Contain("absent.npy"));
    }

    [Test]
    public void A_stream_must_be_seekable()
    {
        using var unseekable = new System.IO.Compression.DeflateStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress);
        Assert.Throws<ArgumentException>(() => Npy.Read<float>(unseekable));
    }

    private static void RoundTrip<T>(params T[] values)
        where T : unmanaged
    {
        using var stream = new MemoryStream();
        Npy.Write<T>(stream, Tensor.Create(values, [2, 3]).AsReadOnlyTensorSpan());
        stream.Position = 0;
        T[] read = DataAssert.Elements(Npy.Read<T>(stream));
        byte[] expected = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.AsBytes(read.AsSpan()).ToArray(), Is.EqualTo(expected));
    }

    private static int[] ReadStrictly(byte[] file, NpyType type)
    {
        using var stream = new MemoryStream(file);
        return type switch
        {
            NpyType.F4 => [.. DataAssert.Elements(Npy.Read<float>(stream)).Select(value => (int)value)],
            NpyType.F8 => [.. DataAssert.Elements(Npy.Read<double>(stream)).Select(value => (int)value)],
            NpyType.I4 => DataAssert.Elements(Npy.Read<int>(stream)),
            NpyType.I8 => [.. DataAssert.Elements(Npy.Read<long>(stream)).Select(value => (int)value)],
            NpyType.U1 => [.. DataAssert.Elements(Npy.Read<byte>(stream)).Select(value => (int)value)],
            _ => [.. DataAssert.Elements(Npy.Read<bool>(stream)).Select(value => value ? 1 : 0)],
        };
    }
}
