using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Matrices written and read some rows at a time.</summary>
internal sealed class NpyRowsTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Rows_appended_in_blocks_give_the_file_written_at_once()
    {
        float[] elements = [.. Enumerable.Range(0, 35).Select(i => (float)i)];
        using (var writer = new NpyWriter<float>(folder["k.partial"], rows: 7, columns: 5))
        {
            writer.Append(elements.AsSpan(0, 15));
            writer.Append([]);
            writer.Flush(flushToDisk: false);
            Assert.That(writer.CompletedRows, Is.EqualTo(3));
            writer.Append(elements.AsSpan(15));
            writer.Complete();
        }

        Npy.Write(folder["k.npy"], Tensor.Create(elements, [7, 5]));
        Assert.That(File.ReadAllBytes(folder["k.partial"]), Is.EqualTo(File.ReadAllBytes(folder["k.npy"])));
    }

    [Test]
    public void An_interrupted_file_is_resumed_at_a_row()
    {
        using (var writer = new NpyWriter<double>(folder["k"], 4, 2))
            writer.Append([1, 2, 3, 4, 99, 99]);
        // Half a row, as a crash leaves it.
        File.AppendAllText(folder["k"], "half");
        Assert.Throws<DataFormatException>(() => Npy.Read<double>(folder["k"]));
        using (NpyWriter<double> writer = NpyWriter<double>.Resume(folder["k"], 4, 2, completedRows: 2))
        {
            Assert.That(writer.CompletedRows, Is.EqualTo(2));
            writer.Append([5, 6, 7, 8]);
            writer.Complete();
        }

        DataAssert.Holds(Npy.Read<double>(folder["k"]), [4, 2], 1, 2, 3, 4, 5, 6, 7, 8);
    }

    [Test]
    public void Resuming_refuses_a_file_of_another_matrix()
    {
        using (var writer = new NpyWriter<double>(folder["k"], 4, 2))
            writer.Append([1, 2]);
        Assert.Throws<DataFormatException>(() => NpyWriter<double>.Resume(folder["k"], 5, 2, 1));
        Assert.Throws<DataFormatException>(() => NpyWriter<long>.Resume(folder["k"], 4, 2, 1));
        Assert.Throws<DataFormatException>(() => NpyWriter<double>.Resume(folder["k"], 4, 2, 2));
        Assert.Throws<FileNotFoundException>(() => NpyWriter<double>.Resume(folder["absent"], 4, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NpyWriter<double>.Resume(folder["k"], 4, 2, 5));
        Assert.That(new FileInfo(folder["k"]).Length, Is.EqualTo(128 + 16));
    }

    [Test]
    public void The_writer_takes_whole_rows_and_no_more_than_promised()
    {
        using var writer = new NpyWriter<float>(folder["k"], 2, 3);
        Assert.Throws<ArgumentException>(() => writer.Append([1, 2]));
        Assert.Throws<ArgumentException>(() => writer.Append(new float[9]));
        writer.Append([1, 2, 3]);
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.That(error!.Message, Does.Contain("1 of 2 rows"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NpyWriter<float>(folder["x"], -1, 3).Dispose());
        Assert.Throws<ArgumentOutOfRangeException>(() => new NpyWriter<float>(folder["x"], long.MaxValue, 3).Dispose());
    }

    [TestCase(0, 0)]
    [TestCase(0, 2)]
    [TestCase(3, 0)]
    public void Empty_matrices_are_complete_at_once(long rows, long columns)
    {
        using (var writer = new NpyWriter<float>(folder["k"], rows, columns))
            writer.Complete();
        Assert.That(Npy.ReadHeader(folder["k"]).Shape, Is.EqualTo(new[] { rows, columns }));
        using var reader = new NpyRowReader<float>(folder["k"]);
        Assert.That(reader.Read(0, rows).IsEmpty);
    }

    [Test]
    public void Any_range_of_rows_is_read([Values("<i4", ">i4")] string descriptor)
    {
        int[] elements = [.. Enumerable.Range(0, 28)];
        string path = folder.Write("m.npy", NpyBytes.Array(descriptor, false, "(7, 4)", NpyBytes.Encode(descriptor, elements)));
        using var reader = new NpyRowReader<int>(path);
        Assert.That((reader.Rows, reader.Columns), Is.EqualTo((7L, 4L)));
        for (int first = 0; first <= 7; first++)
        {
            for (int end = first; end <= 7; end++)
                DataAssert.Holds(reader.Read(first, end), [end - first, 4], elements[(4 * first)..(4 * end)]);
        }
    }

    [Test]
    public void The_row_reader_refuses_what_it_cannot_do()
    {
        Npy.Write(folder["cube"], Tensor.Create(new float[8], [2, 2, 2]));
        DataAssert.Malformed(() => new NpyRowReader<float>(folder["cube"]).Dispose(), "byte 0", "two dimensions", "(2, 2, 2)");
        folder.Write("turned", NpyBytes.Array("<f4", true, "(1, 2)", new byte[8]));
        DataAssert.Malformed(() => new NpyRowReader<float>(folder["turned"]).Dispose(), "byte 0", "C order", "Fortran order");
        folder.Write("right", NpyBytes.Array("<f4", false, "(1, 2)", new byte[8]));
        DataAssert.Malformed(() => new NpyRowReader<double>(folder["right"]).Dispose(), "byte 0", "float64", "float32");
        using var reader = new NpyRowReader<float>(folder["right"]);
        Assert.Throws<ArgumentException>(() => reader.Read(0, 2));
        Assert.Throws<ArgumentException>(() => reader.Read(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(-1, 0));
        Assert.Throws<ArgumentException>(() => reader.Read(0, new float[3]));
    }
}
