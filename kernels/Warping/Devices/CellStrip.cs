using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a device thread holds of 16 neighbouring columns, in registers.</summary>
internal struct CellStrip<V>
    where V : unmanaged
{
    /// <summary>Columns.</summary>
    public const int Width = 16;

    /// <summary>Columns 0 to 3.</summary>
    public Quad<V> A;

    /// <summary>Columns 4 to 7.</summary>
    public Quad<V> B;

    /// <summary>Columns 8 to 11.</summary>
    public Quad<V> C;

    /// <summary>Columns 12 to 15.</summary>
    public Quad<V> D;
}
