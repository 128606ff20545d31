using System.Numerics;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <summary>Free blocks of device memory by size class; callers lock.</summary>
internal sealed class BufferPool
{
    /// <summary>Finest class: what drivers hand out anyway.</summary>
    private const long SmallestBlock = 1024;

    /// <summary>Above this, eighths of the leading power of two: at most 12.5 % lost to rounding.</summary>
    private const long FineClasses = 1L << 20;

    /// <summary>The coarsest step between classes, so that a matrix of gigabytes loses next to nothing.</summary>
    private const long CoarsestStep = 32L << 20;

    private readonly Dictionary<long, Stack<MemoryBuffer>> _free = [];

    /// <summary>Bytes in the pool.</summary>
    public long Bytes { get; private set; }

    /// <summary>The bytes of the block that serves a request.</summary>
    public static long Capacity(long bytes)
    {
        if (bytes <= SmallestBlock) return SmallestBlock;
        long power = (long)BitOperations.RoundUpToPowerOf2((ulong)bytes);
        if (power <= FineClasses) return power;
        long step = Math.Min(power / 16, CoarsestStep);
        return checked(bytes + step - 1) / step * step;
    }

    /// <summary>Takes a block of exactly that capacity; null when there is none.</summary>
    public MemoryBuffer? TryTake(long capacity)
    {
        if (!_free.TryGetValue(capacity, out Stack<MemoryBuffer>? blocks) || !blocks.TryPop(out MemoryBuffer? block)) return null;
        Bytes -= capacity;
        return block;
    }

    /// <summary>Puts a block back.</summary>
    public void Put(MemoryBuffer block)
    {
        if (!_free.TryGetValue(block.LengthInBytes, out Stack<MemoryBuffer>? blocks)) _free[block.LengthInBytes] = blocks = new();
        blocks.Push(block);
        Bytes += block.LengthInBytes;
    }

    /// <summary>Takes every block.</summary>
    public List<MemoryBuffer> Drain()
    {
        List<MemoryBuffer> all = [.. _free.Values.SelectMany(blocks => blocks)];
        _free.Clear();
        Bytes = 0;
        return all;
    }
}
