using System.Numerics.Tensors;
using System.Text;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Checks that all readers' tests share.</summary>
internal static class DataAssert
{
    /// <summary>A malformed file is told with its name, its position and both sides of the difference.</summary>
    public static DataFormatException Malformed(Action read, string position, string expected, string found)
    {
        DataFormatException? error = Assert.Throws<DataFormatException>(read);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Position, Is.EqualTo(position));
            Assert.That(error.Expected, Does.Contain(expected));
            Assert.That(error.Found, Does.Contain(found));
            Assert.That(error.Message, Does.Contain(error.File).And.Contain(position).And.Not.Contain("\n"));
        }

        return error!;
    }

    public static void Holds<T>(Tensor<T> tensor, ReadOnlySpan<nint> shape, params T[] elements)
    {
        nint[] lengths = shape.ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tensor.Lengths.ToArray(), Is.EqualTo(lengths));
            Assert.That(Elements(tensor), Is.EqualTo(elements));
        }
    }

    public static T[] Elements<T>(Tensor<T> tensor)
    {
        var elements = new T[tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        return elements;
    }

    public static MemoryStream Utf8(string text) => new(Encoding.UTF8.GetBytes(text));
}
