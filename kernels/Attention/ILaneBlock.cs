namespace FusionKernels.Kernels.Attention;

/// <summary>How many vectors of queries or keys lie side by side in one block.</summary>
internal interface ILaneBlock
{
    /// <summary>Vectors.</summary>
    static abstract int Vectors { get; }
}

/// <summary>Three vectors: 48 lanes of float32 at 512 bits, so that one broadcast feeds three multiply-adds.</summary>
internal readonly struct ThreeVectors : ILaneBlock
{
    public static int Vectors => 3;
}

/// <summary>Two vectors, for what threes leave over.</summary>
internal readonly struct TwoVectors : ILaneBlock
{
    public static int Vectors => 2;
}

/// <summary>One vector, for short sequences.</summary>
internal readonly struct OneVector : ILaneBlock
{
    public static int Vectors => 1;
}
