using System.Runtime.InteropServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Working memory of one call in float64: too large to be kept by its thread, so it is given back at the end.</summary>
internal sealed unsafe class HostBlock : IDisposable
{
    /// <summary>Elements from row to row of a matrix of so many columns: whole cache lines, and an odd number of them, so that rows do not share a cache set.</summary>
    public static long Stride(long columns) => ((((columns + 7) / 8) | 1) * 8);

    /// <summary>Memory for so many elements, contents undefined.</summary>
    public HostBlock(long elements)
    {
        Pointer = (double*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, elements) * sizeof(double), Scratch.Alignment);
    }

    /// <summary>The first element.</summary>
    public double* Pointer { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
