using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The last diagonals of a soft alignment table, in turn: arrays over the rows, with room for a vector on either side.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="memory">As many elements as <see cref="Size"/> says.</param>
/// <param name="rows">The length of x.</param>
internal readonly unsafe struct SoftRing<T>(T* memory, int rows)
    where T : unmanaged
{
    /// <summary>The exponent of no weight at all, below all others in both precisions.</summary>
    public const double WallExponent = -1e37;

    /// <summary>The largest cost of a pair over ln 2 for which exponents stay above the wall over a million pairs.</summary>
    public const double LargestCost = 1e30;

    // The diagonal at hand and the two before it.
    private const int Turns = 3;

    private readonly nint _stride = StrideOf(rows);

    /// <summary>Elements of a ring.</summary>
    public static nint Size(int rows) => 2 * Turns * StrideOf(rows);

    /// <summary>The significands of a diagonal, from row -1 to a vector behind the last row.</summary>
    public T* Significands(int diagonal) => memory + SoftPair<T>.Padding + ((diagonal + Turns) % Turns * _stride);

    /// <summary>The exponents likewise.</summary>
    public T* Exponents(int diagonal) => Significands(diagonal) + (Turns * _stride);

    /// <summary>Minus the logarithm to base 2 of the last cell, which is the first of its diagonal, after all were computed.</summary>
    public double Value(in SoftBand band)
    {
        int k = band.Diagonals - 1, row = band.Rows - 1;
        return -(Element.ToDouble(Exponents(k)[row]) + Math.Log2(Element.ToDouble(Significands(k)[row])));
    }

    /// <summary>Copies what a block that begins at a diagonal must know of the two before it, between the ring and memory.</summary>
    /// <param name="band">The cells.</param>
    /// <param name="diagonal">Where the block begins, above 0.</param>
    /// <param name="saved">As many elements as <see cref="SavedSize"/> says.</param>
    /// <param name="isRestored">Whether to copy into the ring.</param>
    public void Copy(in SoftBand band, int diagonal, T* saved, bool isRestored)
    {
        for (int k = diagonal - 2; k < diagonal; k++)
        {
            // With the wall on either side. Before the first diagonal there are rows -1 and 0.
            int first = k < 0 ? -1 : band.First[k] - 1;
            nint count = k < 0 ? 2 : band.Last[k] + 2 - first;
            saved = CopyArray(Significands(k) + first, saved, count, isRestored);
            saved = CopyArray(Exponents(k) + first, saved, count, isRestored);
        }
    }

    /// <summary>Elements that <see cref="Copy"/> takes at most.</summary>
    public static nint SavedSize(int width) => 4 * ((nint)width + 2);

    private static T* CopyArray(T* own, T* saved, nint count, bool isRestored)
    {
        long bytes = count * sizeof(T);
        Buffer.MemoryCopy(isRestored ? saved : own, isRestored ? own : saved, bytes, bytes);
        return saved + count;
    }

    private static nint StrideOf(int rows) => ((nint)rows + (2 * SoftPair<T>.Padding) + SoftPair<T>.Padding - 1) / SoftPair<T>.Padding * SoftPair<T>.Padding;
}
