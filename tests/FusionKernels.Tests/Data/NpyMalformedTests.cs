using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Every way in which a .npy file can be wrong is told with its place.</summary>
internal sealed class NpyMalformedTests
{
    private const string Good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";

    [TestCase("", "byte 0", "8 bytes for the mark", "0 bytes")]
    [TestCase("93", "byte 0", "8 bytes for the mark", "1 bytes")]
    [TestCase("504B030414000000", "byte 0", "mark of a .npy file", "504B03041400")]
    [TestCase("934E554D505900000000", "byte 6", "version 1.0, 2.0 or 3.0", "0.0")]
    [TestCase("934E554D505904000000", "byte 6", "version 1.0, 2.0 or 3.0", "4.0")]
    [TestCase("934E554D505901010000", "byte 6", "version 1.0, 2.0 or 3.0", "1.1")]
    [TestCase("934E554D5059010076", "byte 8", "2 bytes for the length of the header", "1 bytes")]
    [TestCase("934E554D505901007600", "byte 10", "118 bytes for the header", "0 bytes")]
    [TestCase("934E554D50590200FFFFFFFF", "byte 8", "at most 65536 bytes", "4294967295 bytes")]
    [TestCase("934E554D5059020000000100", "byte 12", "65536 bytes for the header", "0 bytes")]
    public void Damaged_starts(string hex, string position, string expected, string found)
    {
        using var stream = new MemoryStream(Convert.FromHexString(hex));
        DataAssert.Malformed(() => Npy.Read<float>(stream), position, expected, found);
    }

    [TestCase("", "byte 64", "a dictionary", "the end of the header")]
    [TestCase("[1]", "byte 10", "a dictionary", "'[1]")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "byte 128", "',' or '}'", "the end of the header")]
    [TestCase("{'descr': '<f4', 'fortran_order': False}", "byte 10", "'descr', 'fortran_order' and 'shape'", "without 'shape'")]
    [TestCase("{'fortran_order': False, 'shape': (2,)}", "byte 10", "'descr', 'fortran_order' and 'shape'", "without 'descr'")]
    [TestCase("{'descr': '<f4', 'descr': '<f4'}", "byte 27", "each key once", "'descr' again")]
    [TestCase("{'x': 1}", "byte 11", "one of the keys", "'x'")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "byte 44", "True or False", "'0,")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "byte 62", "',' in a tuple of one", "')}")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "byte 61", "the length of a dimension", "'-2")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}", "byte 63", "',' or ')'", "'3)")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}", "byte 61", "below 2^63", "'9223")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "byte 10", "fewer than 2^63 bytes", "(4294967296, 4294967296)")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)}", "byte 10", "fewer than 2^63 bytes", "(0, ")]
    [TestCase("{'descr': '<f4, 'fortran_order': False", "byte 20", "one of f4", "'<f4, '")]
    [TestCase("{'descr': '<f4", "byte 20", "a closed string", "''<f4'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} import os", "byte 66", "nothing after the dictionary", "'import os")]
    public void Damaged_headers(string header, string position, string expected, string found)
    {
        using var stream = new MemoryStream(NpyBytes.File(header, new byte[8]));
        DataAssert.Malformed(() => Npy.Read<float>(stream), position, expected, found);
    }

    [TestCase("'|O'", "pickles")]
    [TestCase("'O'", "pickles")]
    [TestCase("[('x', '<f4'), ('y', '<f4')]", "structured")]
    [TestCase("'<f2'", "'<f2'")]
    [TestCase("'<c8'", "'<c8'")]
    [TestCase("'<U3'", "'<U3'")]
    [TestCase("'f4'", "'f4'")]
    [TestCase("'=f4'", "'=f4'")]
    [TestCase("'|f4'", "'|f4'")]
    [TestCase("''", "''")]
    public void Unsupported_types(string descriptor, string found)
    {
        using var stream = new MemoryStream(NpyBytes.File($"{{'descr': {descriptor}, 'fortran_order': False, 'shape': (2,), }}", new byte[8]));
        DataAssert.Malformed(() => Npy.Read<float>(stream), "byte 20", "f4, f8, i4, i8, u1, b1", found);
    }

    [TestCase(7, "7 bytes")]
    [TestCase(0, "0 bytes")]
    [TestCase(9, "9 bytes")]
    public void Data_that_does_not_fit_the_header(int bytes, string found)
    {
        using var stream = new MemoryStream(NpyBytes.File(Good, new byte[bytes]));
        DataAssert.Malformed(() => Npy.Read<float>(stream), "byte 128", "8 bytes of elements for the float32 array of shape (2,)", found);
    }

    [Test]
    public void A_promise_of_a_terabyte_costs_no_memory()
    {
        byte[] file = NpyBytes.Array("<f8", false, "(1000000, 131072)", new byte[64]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var stream = new MemoryStream(file);
        DataAssert.Malformed(() => Npy.Read<double>(stream), "byte 128", "1048576000000 bytes", "64 bytes");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void Another_type_is_named_with_the_way_out()
    {
        using var stream = new MemoryStream(NpyBytes.Array("<f8", false, "(2,)", new byte[16]));
        DataAssert.Malformed(() => Npy.Read<float>(stream), "byte 0", "float32", "float64; ReadAs converts");
    }

    [Test]
    public void A_byte_that_is_no_truth_value()
    {
        using var stream = new MemoryStream(NpyBytes.Array("|b1", false, "(3,)", [0, 1, 2]));
        DataAssert.Malformed(() => Npy.Read<bool>(stream), "byte 130", "byte 0 or 1", "byte 2");
    }

    [Test]
    public void More_dimensions_than_numpy_has()
    {
        string shape = "(" + string.Concat(Enumerable.Repeat("1,", 65)) + ")";
        using var stream = new MemoryStream(NpyBytes.Array("|u1", false, shape, [1]));
        DataFormatException? error = Assert.Throws<DataFormatException>(() => Npy.Read<byte>(stream));
        Assert.That(error!.Expected, Does.Contain("at most 64 dimensions"));
    }
}
