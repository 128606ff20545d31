using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The largest value of a group's threads.</summary>
internal static class GroupLargest
{
    /// <summary>The largest, in every thread; the same whatever the size of the group, which is a power of two.</summary>
    /// <param name="memory">An element per thread, free to be used again on return.</param>
    /// <param name="own">This thread's, not NaN.</param>
    public static V Of<V, T>(ArrayView<V> memory, V own)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        memory[Group.IdxX] = own;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's values must stand before they are compared.
            Group.Barrier();
            if (Group.IdxX < half) memory[Group.IdxX] = V.Max(memory[Group.IdxX], memory[Group.IdxX + half]);
        }

        // The first must stand before all read it, and all must have read it before the memory is used again.
        Group.Barrier();
        V largest = memory[0];
        Group.Barrier();
        return largest;
    }
}
