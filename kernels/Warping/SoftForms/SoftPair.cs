namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Two series as the soft kernels read them: channel by channel, in units in which a squared difference is a cost over ln 2.</summary>
/// <remarks>At least <see cref="Padding"/> zeros lie on either side of every channel, so that kernels may read whole vectors.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SoftPair<T>
    where T : unmanaged
{
    /// <summary>The lanes of the widest vector.</summary>
    public const int Padding = 16;

    /// <summary>The cells.</summary>
    public SoftBand Band;

    /// <summary>Channels of a sample.</summary>
    public int Channels;

    /// <summary>The first sample of the first channel of x, aligned to a vector.</summary>
    public T* X;

    /// <summary>The same of y, last sample first.</summary>
    public T* Y;

    /// <summary>Elements from one channel of x to the next.</summary>
    public readonly nint StrideX => StrideOf(Band.Rows);

    /// <summary>Elements from one channel of y to the next.</summary>
    public readonly nint StrideY => StrideOf(Band.Columns);

    /// <summary>Elements from one channel of a series to the next.</summary>
    public static nint StrideOf(int length) => (((nint)length + Padding - 1) / Padding * Padding) + (2 * Padding);

    /// <summary>y, so that element i of it stands against element i of x on a diagonal.</summary>
    public readonly T* ReversedOn(int diagonal) => Y + (Band.Columns - 1 - diagonal);
}
