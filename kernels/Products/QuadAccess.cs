using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>Four elements of device memory at a time, within bounds.</summary>
internal static class QuadAccess
{
    /// <summary>Four elements; zero beyond the valid ones.</summary>
    /// <param name="memory">Device memory.</param>
    /// <param name="first">The first element.</param>
    /// <param name="step">Elements from one to the next.</param>
    /// <param name="valid">How many may be read; may be negative.</param>
    /// <param name="isVector">1 where four contiguous elements from <paramref name="first"/> are aligned.</param>
    public static Quad<V> Load<V, T>(ArrayView<T> memory, long first, long step, int valid, int isVector)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (isVector != 0 && valid >= 4) return memory.Cast<Quad<V>>()[first >> 2];
        Quad<V> quad = default;
        if (valid > 0) quad.X = V.Broadcast(memory[first]);
        if (valid > 1) quad.Y = V.Broadcast(memory[first + step]);
        if (valid > 2) quad.Z = V.Broadcast(memory[first + (2 * step)]);
        if (valid > 3) quad.W = V.Broadcast(memory[first + (3 * step)]);
        return quad;
    }

    /// <summary>Writes the valid ones of four elements.</summary>
    public static void Store<V, T>(ArrayView<T> memory, long first, long step, int valid, int isVector, Quad<V> quad)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (isVector != 0 && valid >= 4)
        {
            memory.Cast<Quad<V>>()[first >> 2] = quad;
            return;
        }

        ArrayView<V> lanes = memory.Cast<V>();
        if (valid > 0) lanes[first] = quad.X;
        if (valid > 1) lanes[first + step] = quad.Y;
        if (valid > 2) lanes[first + (2 * step)] = quad.Z;
        if (valid > 3) lanes[first + (3 * step)] = quad.W;
    }
}
