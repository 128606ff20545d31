using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The threads that share one pair of series, and how a value gets from one to the next.</summary>
internal interface IWarpingTeam
{
    /// <summary>Whether a team is one thread, so that nothing is handed on.</summary>
    static abstract bool IsAlone { get; }

    /// <summary>The value of the thread before; undefined in a team's first thread. Every thread of the warp must come here.</summary>
    static abstract V FromBefore<V>(V value)
        where V : unmanaged;

    /// <summary>The least value of the team, in each of its threads. Every thread of the warp must come here.</summary>
    static abstract V Least<V, T>(V value, int lanes)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged;

    /// <summary>The largest value of the warp, in each of its threads, so that loops with exchanges are left together.</summary>
    static abstract int Largest(int value);

    /// <summary>What a thread of the warp wrote to memory is seen by the others.</summary>
    static abstract void Barrier();
}

/// <summary>A warp, or an equal part of one: values pass by shuffles.</summary>
internal readonly struct WarpTeam : IWarpingTeam
{
    /// <inheritdoc/>
    public static bool IsAlone => false;

    /// <inheritdoc/>
    public static V FromBefore<V>(V value)
        where V : unmanaged => Warp.ShuffleUp(value, 1);

    /// <inheritdoc/>
    public static V Least<V, T>(V value, int lanes)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        for (int distance = lanes / 2; distance > 0; distance /= 2) value = V.Min(value, Warp.ShuffleXor(value, distance));
        return value;
    }

    /// <inheritdoc/>
    public static int Largest(int value)
    {
        for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2)
        {
            int other = Warp.ShuffleXor(value, distance);
            value = value < other ? other : value;
        }

        return value;
    }

    /// <inheritdoc/>
    public static void Barrier() => Warp.Barrier();
}

/// <summary>One thread, for devices without shuffles.</summary>
/// <remarks>
/// Its left border passes through working memory, interleaved with those of its neighbours: 8 bytes for 16 cells. To hand values
/// on through shared memory instead would take two group barriers for each row of a strip, in step with the longest pair of the
/// group; and an OpenCL CPU device, which runs the threads of a group in turn, saves all registers at every barrier.
/// </remarks>
internal readonly struct LoneTeam : IWarpingTeam
{
    /// <inheritdoc/>
    public static bool IsAlone => true;

    /// <inheritdoc/>
    public static V FromBefore<V>(V value)
        where V : unmanaged => value;

    /// <inheritdoc/>
    public static V Least<V, T>(V value, int lanes)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => value;

    /// <inheritdoc/>
    public static int Largest(int value) => value;

    /// <inheritdoc/>
    public static void Barrier()
    {
    }
}
