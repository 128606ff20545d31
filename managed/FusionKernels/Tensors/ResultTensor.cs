using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Tensors for the results of kernels.</summary>
internal static class ResultTensor
{
    /// <summary>A cache line: what kernels write past the caches in one piece.</summary>
    private const int Alignment = 64;

    /// <summary>Bytes from which alignment is worth an array of its own kind: kernels stream results of this size.</summary>
    private const long AlignedFrom = 16 << 20;

    /// <summary>A matrix with undefined elements; a large one begins at a cache line and never moves.</summary>
    public static Tensor<T> Create<T>(nint rows, nint columns)
        where T : unmanaged
    {
        long elements = checked((long)rows * columns);
        int size = Unsafe.SizeOf<T>();
        int spare = Alignment / size;
        if (elements * size < AlignedFrom || elements > Array.MaxLength - spare) return Tensor.CreateFromShapeUninitialized<T>([rows, columns]);

        // Pinned, so that the address stays a multiple of the line; the elements before it are never used.
        T[] memory = LargePages.Allocate<T>((int)elements + spare);
        int first = Misalignment(memory) == 0 ? 0 : (Alignment - Misalignment(memory)) / size;
        return Tensor.Create(memory, first, [rows, columns], [columns, 1]);
    }

    private static int Misalignment<T>(T[] pinned)
        where T : unmanaged => (int)(System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) % Alignment);
}
