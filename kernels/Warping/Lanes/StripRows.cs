namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>How many rows a strip has, as types that the compiler compares before it looks any further.</summary>
internal static class StripRows
{
    /// <summary>What row is left over.</summary>
    internal readonly struct One;

    /// <summary>For rules that read more than the cost: their cells keep the units busy with fewer of them.</summary>
    internal readonly struct Two;

    /// <summary>With two vectors, eight independent chains, whose operands fit 16 registers.</summary>
    internal readonly struct Four;

    /// <summary>Twelve chains, for the 32 registers of 512 bits.</summary>
    internal readonly struct Six;
}
