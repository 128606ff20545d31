using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Tensors;

/// <summary>A result in the memory of an operand is refused; views that take turns in one array are not.</summary>
[TestFixture]
public sealed class OverlapTests
{
    private readonly float[] _memory = new float[200];

    [Test]
    public void Products_and_gram_matrices_refuse_a_result_over_an_operand()
    {
        float[] elsewhere = new float[9];
        Refused("a", () => MatrixProduct.Multiply(View(0), new(elsewhere, [3, 3]), new TensorSpan<float>(_memory, [3, 3])));
        Refused("b", () => MatrixProduct.Multiply(new(elsewhere, [3, 3]), View(0), Result(8)));
        Refused("a", () => MatrixProduct.MultiplySelf(View(4), Result(0)));
        Refused("x", () => Gram.Compute(View(0), Kernel.Rbf(), Result(5)));
        Refused("x", () => Gram.Compute(View(0), new(elsewhere, [3, 3]), Kernel.Rbf(), Result(1)));
        Refused("y", () => Gram.Compute(new(elsewhere, [3, 3]), View(20), Kernel.Rbf(), Result(12)));
        Assert.That(() => Gram.Compute(View(0), Kernel.Rbf(), Result(9)), Throws.Nothing, "behind the rows");
        Assert.That(() => MatrixProduct.Multiply(View(9), View(9), Result(0)), Throws.Nothing, "before the operands");

        ReadOnlyTensorSpan<float> View(int first) => new(_memory.AsSpan(first), [3, 3]);
        TensorSpan<float> Result(int first) => new(_memory.AsSpan(first), [3, 3]);
        static void Refused(string operand, Action call) => Assert.That(call, Throws.ArgumentException.With.Message.StartsWith($"'destination' overlaps '{operand}'"));
    }

    [Test]
    public void Columns_of_one_matrix_and_elements_that_take_turns_are_apart()
    {
        Assert.That(IsRefused(0, [5, 3], [10, 1], 3, [5, 7], [10, 1]), Is.False, "the columns behind");
        Assert.That(IsRefused(7, [5, 3], [10, 1], 0, [4, 7], [10, 1]), Is.False, "the columns before");
        Assert.That(IsRefused(7, [5, 3], [10, 1], 20, [3, 7], [10, 1]), Is.False, "from another row on");
        Assert.That(IsRefused(0, [4, 5], [10, 2], 1, [4, 5], [10, 2]), Is.False, "every other element");
        Assert.That(IsRefused(0, [5, 4], [10, 1], 3, [5, 7], [10, 1]), "one column of both");
    }

    /// <summary>Random views, counted element by element: what shares an element is refused, and what lies apart as a whole is not.</summary>
    [Test]
    public void What_shares_an_element_is_refused()
    {
        Random random = new(1);
        int shared = 0, apart = 0;
        for (int round = 0; round < 3000; round++)
        {
            (int first, nint[] lengths, nint[] strides) = View(random, isResult: false);
            (int other, nint[] otherLengths, nint[] otherStrides) = View(random, isResult: true);
            HashSet<nint> elements = [.. Elements(first, lengths, strides)], others = [.. Elements(other, otherLengths, otherStrides)];
            bool isRefused = IsRefused(first, lengths, strides, other, otherLengths, otherStrides);
            string what = $"{first}: {string.Join(" x ", lengths)} by {string.Join(", ", strides)}; {other}: {string.Join(" x ", otherLengths)} by {string.Join(", ", otherStrides)}";
            if (elements.Overlaps(others))
            {
                Assert.That(isRefused, what);
                shared++;
            }
            else if (elements.Max() < others.Min() || others.Max() < elements.Min())
            {
                Assert.That(isRefused, Is.False, what);
                apart++;
            }
        }

        Assert.That(shared, Is.GreaterThan(300));
        Assert.That(apart, Is.GreaterThan(300));
    }

    private bool IsRefused(int first, nint[] lengths, nint[] strides, int other, nint[] otherLengths, nint[] otherStrides)
    {
        try
        {
            Overlap.Refuse(new ReadOnlyTensorSpan<float>(_memory.AsSpan(first), lengths, strides), new TensorSpan<float>(_memory.AsSpan(other), otherLengths, otherStrides), "x", "destination");
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>A matrix of up to 4 x 4 somewhere; an operand may repeat a row.</summary>
    private static (int First, nint[] Lengths, nint[] Strides) View(Random random, bool isResult)
    {
        nint[] lengths = [random.Next(1, 5), random.Next(1, 5)];
        nint column = random.Next(1, 4), row = !isResult && random.Next(8) == 0 ? 0 : (lengths[1] * column) + random.Next(6);
        return (random.Next(100), lengths, [lengths[0] == 1 ? 0 : row, lengths[1] == 1 ? 0 : column]);
    }

    private static IEnumerable<nint> Elements(int first, nint[] lengths, nint[] strides)
    {
        for (nint i = 0; i < lengths[0]; i++)
        {
            for (nint j = 0; j < lengths[1]; j++) yield return first + (i * strides[0]) + (j * strides[1]);
        }
    }
}
