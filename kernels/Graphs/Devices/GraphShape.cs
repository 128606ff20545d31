namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>Sizes and places of one launch, as a kernel argument; which operand is which stands with each kernel.</summary>
internal struct GraphShape
{
    /// <summary>Elements that the call computes.</summary>
    public long Count;

    /// <summary>The first of them that this launch computes.</summary>
    public long Begin;

    /// <summary>The first operand's first element.</summary>
    public long First;

    /// <summary>Elements from row to row of the first operand.</summary>
    public long FirstStride;

    /// <summary>The second operand's first element.</summary>
    public long Second;

    /// <summary>Elements from row to row of the second operand.</summary>
    public long SecondStride;

    /// <summary>The third operand's first element.</summary>
    public long Third;

    /// <summary>Elements from row to row of the third operand.</summary>
    public long ThirdStride;

    /// <summary>Values of an entry.</summary>
    public int Heads;

    /// <summary>Dense columns of a head.</summary>
    public int Width;

    /// <summary>1 where entries have values, else 0.</summary>
    public int IsWeighted;

    /// <summary>1 where values lie where the pattern's places say, else 0.</summary>
    public int IsPlaced;

    /// <summary>1 where a row's sum is divided by its number of entries, else 0.</summary>
    public int IsMean;

    /// <summary>1 where the result is added to what stands there, else 0.</summary>
    public int Adds;
}
