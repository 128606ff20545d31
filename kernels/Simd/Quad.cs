namespace FusionKernels.Kernels.Simd;

/// <summary>Four consecutive vectors; of <see cref="Lane32"/> it is 16 bytes, which devices move in one instruction.</summary>
internal struct Quad<V>
    where V : unmanaged
{
    /// <summary>The first.</summary>
    public V X;

    /// <summary>The second.</summary>
    public V Y;

    /// <summary>The third.</summary>
    public V Z;

    /// <summary>The fourth.</summary>
    public V W;
}
