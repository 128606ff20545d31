using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The threads that share one pair of series, and how a value gets from one to the next.</summary>
internal interface IWarpingTeam
{
    /// <summary>Who it is.</summary>
    static abstract WarpingTeamKind Kind { get; }

    /// <summary>The value of the thread before; undefined in a team's first thread. Every thread of the warp, or of a team that is a group, must come here.</summary>
    static abstract V FromBefore<V>(V value)
        where V : unmanaged;

    /// <summary>The least value of the team, in each of its threads. Every thread must come here, likewise.</summary>
    static abstract V Least<V, T>(V value, int lanes)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged;

    /// <summary>The largest value of those who must come together, in each thread, so that loops with exchanges are left together.</summary>
    static abstract int Largest(int value);

    /// <summary>What a thread wrote to memory is seen by the others.</summary>
    static abstract void Barrier();
}

/// <summary>A warp, or an equal part of one: values pass by shuffles.</summary>
internal readonly struct WarpTeam : IWarpingTeam
{
    /// <inheritdoc/>
    public static WarpingTeamKind Kind => WarpingTeamKind.Warp;

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

/// <summary>A group, for few pairs on devices without shuffles: values pass through shared memory.</summary>
/// <remarks>Two group barriers for each row of a strip, in step with the longest of the team's pairs.</remarks>
internal readonly struct GroupTeam : IWarpingTeam
{
    /// <summary>Threads of a team, at most.</summary>
    public const int MostLanes = 64;

    /// <inheritdoc/>
    public static WarpingTeamKind Kind => WarpingTeamKind.Group;

    /// <inheritdoc/>
    public static V FromBefore<V>(V value)
        where V : unmanaged
    {
        ArrayView<V> values = SharedMemory.Allocate<V>(MostLanes);
        int lane = Group.IdxX, before = lane > 0 ? lane - 1 : 0;
        values[lane] = value;
        Group.Barrier();
        V handed = values[before];
        Group.Barrier();
        return handed;
    }

    /// <inheritdoc/>
    public static V Least<V, T>(V value, int lanes)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> values = SharedMemory.Allocate<V>(MostLanes);
        values[Group.IdxX] = value;
        Group.Barrier();
        for (int lane = 0; lane < lanes; lane++) value = V.Min(value, values[lane]);
        Group.Barrier();
        return value;
    }

    /// <inheritdoc/>
    public static int Largest(int value)
    {
        ArrayView<int> values = SharedMemory.Allocate<int>(MostLanes);
        values[Group.IdxX] = value;
        Group.Barrier();
        for (int lane = 0; lane < Group.DimX; lane++)
        {
            int other = values[lane];
            value = value < other ? other : value;
        }

        Group.Barrier();
        return value;
    }

    /// <inheritdoc/>
    public static void Barrier()
    {
        MemoryFence.GroupLevel();
        Group.Barrier();
    }
}

/// <summary>One thread, for many pairs on devices without shuffles.</summary>
/// <remarks>
/// Its left border passes through working memory, interleaved with those of its neighbours: 8 bytes for 16 cells, and no barrier,
/// at which an OpenCL CPU device, which runs the threads of a group in turn, would save all registers.
/// </remarks>
internal readonly struct LoneTeam : IWarpingTeam
{
    /// <inheritdoc/>
    public static WarpingTeamKind Kind => WarpingTeamKind.Lone;

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
