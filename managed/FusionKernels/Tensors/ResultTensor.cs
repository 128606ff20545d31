using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Tensors for the results of kernels; like those of <see cref="HostArray"/>, but small calls allocate nothing beside them.</summary>
internal static class ResultTensor
{
    /// <summary>A cache line: what kernels write past the caches in one piece.</summary>
    private const int Alignment = 64;

    /// <summary>Bytes from which alignment is worth an array of its own kind: kernels stream results of this size.</summary>
    private const long AlignedFrom = 16 << 20;

    /// <summary>A tensor with undefined elements.</summary>
    /// <exception cref="DeviceOutOfMemoryException">The host has no room.</exception>
    public static Tensor<T> Create<T>(string operation, ReadOnlySpan<nint> lengths)
        where T : unmanaged
    {
        long elements = 1;
        foreach (nint length in lengths) elements = checked(elements * length);
        HostArray.Require<T>(operation, elements);
        try
        {
            return Tensor.CreateFromShapeUninitialized<T>(lengths);
        }
        catch (OutOfMemoryException refusal)
        {
            throw HostEngine.OutOfMemory(operation, elements * Unsafe.SizeOf<T>(), refusal);
        }
    }

    /// <summary>A matrix with undefined elements; a large one begins at a cache line and never moves.</summary>
    /// <exception cref="DeviceOutOfMemoryException">The host has no room.</exception>
    public static Tensor<T> Create<T>(string operation, nint rows, nint columns)
        where T : unmanaged
    {
        long elements = checked((long)rows * columns);
        int size = Unsafe.SizeOf<T>();
        int spare = Alignment / size;
        if (elements < AlignedFrom / size || elements > Array.MaxLength - spare) return Create<T>(operation, [rows, columns]);
        try
        {
            // Pinned, so that the address stays a multiple of the line; the elements before it are never used.
            T[] memory = LargePages.Allocate<T>((int)elements + spare);
            int first = Misalignment(memory) == 0 ? 0 : (Alignment - Misalignment(memory)) / size;
            return Tensor.Create(memory, first, [rows, columns], [columns, 1]);
        }
        catch (OutOfMemoryException refusal)
        {
            throw HostEngine.OutOfMemory(operation, elements * size, refusal);
        }
    }

    private static int Misalignment<T>(T[] pinned)
        where T : unmanaged => (int)(System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) % Alignment);
}
