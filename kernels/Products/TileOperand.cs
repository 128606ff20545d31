using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>What one thread of a tile knows about its part of an operand: a quad per step, under way to shared memory.</summary>
internal struct TileOperand<V>
    where V : unmanaged
{
    /// <summary>The element that is fetched next.</summary>
    public long Next;

    /// <summary>Rows from this thread's on.</summary>
    public int RowsLeft;

    /// <summary>Features from the next one on.</summary>
    public int FeaturesLeft;

    /// <summary>This thread's place in a stage, in elements.</summary>
    public int Place;

    /// <summary>The quad under way; zero outside the operand.</summary>
    public Quad<V> Values;

    /// <summary>The centre of the quad under way; zero outside the operand.</summary>
    public Quad<V> Centre;
}
