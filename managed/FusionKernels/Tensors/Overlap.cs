using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace FusionKernels;

/// <summary>Results that lie in the memory of what they are computed of.</summary>
internal static class Overlap
{
    /// <summary>Requires that a result shares no element with an operand, which would be overwritten before it is read.</summary>
    /// <remarks>Blocks of the columns of one matrix and elements that take turns are told apart; of other interleaved views the ranges of memory decide.</remarks>
    /// <param name="operand">The operand.</param>
    /// <param name="result">Where the result goes.</param>
    /// <param name="operandName">What the caller calls the operand.</param>
    /// <param name="resultName">What the caller calls the result.</param>
    /// <exception cref="ArgumentException">They overlap.</exception>
    public static void Refuse<T>(in ReadOnlyTensorSpan<T> operand, in TensorSpan<T> result, string operandName, string resultName)
        where T : unmanaged
    {
        if (operand.IsEmpty || result.IsEmpty) return;
        nint bytes = Unsafe.ByteOffset(in operand.GetPinnableReference(), in result.GetPinnableReference());
        if (AreApart(bytes / Unsafe.SizeOf<T>(), operand.Lengths, operand.Strides, result.Lengths, result.Strides)) return;
        throw new ArgumentException($"'{resultName}' overlaps '{operandName}': the result needs memory of its own", resultName);
    }

    /// <summary>Whether two views have no element in common.</summary>
    /// <param name="offset">Elements from the first of the one to the first of the other.</param>
    /// <param name="lengths">Of the one; none is 0.</param>
    /// <param name="strides">Of the one.</param>
    /// <param name="otherLengths">Of the other; none is 0.</param>
    /// <param name="otherStrides">Of the other.</param>
    private static bool AreApart(long offset, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, ReadOnlySpan<nint> otherLengths, ReadOnlySpan<nint> otherStrides)
    {
        long extent = Extent(lengths, strides), otherExtent = Extent(otherLengths, otherStrides);
        if (offset >= extent || offset + otherExtent <= 0) return true;

        // Every step of either is a multiple of this: places that differ otherwise are never the same.
        long common = Common(Common(0, lengths, strides), otherLengths, otherStrides);
        if (common > 1 && offset % common != 0) return true;

        // Blocks of columns of one matrix: seen from row to row of it, both stay in a range of their own.
        nint row = strides[0];
        if (lengths.Length != 2 || otherLengths.Length != 2 || row != otherStrides[0] || row <= 0) return false;
        long place = ((offset % row) + row) % row;
        return place >= Extent(lengths[1..], strides[1..]) && place + Extent(otherLengths[1..], otherStrides[1..]) <= row;
    }

    /// <summary>Elements from the first to behind the last.</summary>
    private static long Extent(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        long extent = 1;
        for (int i = 0; i < lengths.Length; i++) extent += (lengths[i] - 1) * strides[i];
        return extent;
    }

    /// <summary>The greatest common divisor of a number and the steps.</summary>
    private static long Common(long divisor, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] == 1) continue;
            for (long rest = strides[i]; rest != 0;) (divisor, rest) = (rest, divisor % rest);
        }

        return divisor;
    }
}
