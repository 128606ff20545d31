namespace FusionKernels;

/// <summary>Scatters elements that arrive with the first index varying fastest to their places in a row-major array.</summary>
internal sealed class FortranPlacement<T>
{
    private readonly T[] elements;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly long[] index;
    private long offset;

    /// <summary>Starts at the first element.</summary>
    public FortranPlacement(T[] elements, IReadOnlyList<long> shape)
    {
        this.elements = elements;
        this.shape = [.. shape];
        strides = new long[shape.Count];
        index = new long[shape.Count];
        long stride = 1;
        for (int d = shape.Count - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(shape[d], 1);
        }
    }

    /// <summary>Places the next elements in the file's order.</summary>
    public void Put(ReadOnlySpan<T> next)
    {
        foreach (T element in next)
        {
            elements[offset] = element;
            Advance();
        }
    }

    private void Advance()
    {
        for (int d = 0; d < index.Length; d++)
        {
            offset += strides[d];
            if (++index[d] < shape[d])
                return;
            offset -= index[d] * strides[d];
            index[d] = 0;
        }
    }
}
