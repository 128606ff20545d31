namespace FusionKernels.Kernels.Warping;

/// <summary>Two series as the soft kernels read them: channel by channel, in units in which a squared difference is a cost over ln 2.</summary>
/// <remarks><see cref="Padding"/> zeros follow every channel, so that kernels may read whole vectors.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SoftPair<T>
    where T : unmanaged
{
    /// <summary>Zeros behind every channel: the lanes of the widest vector.</summary>
    public const int Padding = 16;

    /// <summary>The cells.</summary>
    public SoftBand Band;

    /// <summary>Channels of a sample.</summary>
    public int Channels;

    /// <summary>The first channel of x; the next one is rows + padding further on.</summary>
    public T* X;

    /// <summary>The first channel of y, last sample first; the next one is columns + padding further on.</summary>
    public T* Y;

    /// <summary>Elements from one channel of x to the next.</summary>
    public readonly nint StrideX => Band.Rows + Padding;

    /// <summary>Elements from one channel of y to the next.</summary>
    public readonly nint StrideY => Band.Columns + Padding;

    /// <summary>y, so that element i of it stands against element i of x on a diagonal.</summary>
    public readonly T* ReversedOn(int diagonal) => Y + (Band.Columns - 1 - diagonal);
}
