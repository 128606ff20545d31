using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <content>Memory: blocks from the driver, kept in a pool, returned in any thread without a driver call.</content>
internal sealed unsafe partial class AcceleratorEngine
{
    /// <summary>
    /// Bytes before and after a guarded buffer: a multiple of 256, so that elements stay aligned, and of the 28 and 40 bytes of a
    /// step of a Gram program, because a view begins at a whole element.
    /// </summary>
    private const int GuardBytes = 256 * 7 * 5;
    private const byte GuardPattern = 0xA5;

    /// <summary>All ones is a NaN in both precisions and -1 in integers.</summary>
    private const byte PoisonPattern = 0xFF;

    private readonly Lock _memory = new();
    private readonly BufferPool _pool = new();

    /// <summary>Every block the driver gave; also what keeps ILGPU's finalizers, which call the driver, from running.</summary>
    private readonly HashSet<MemoryBuffer> _blocks = [];
    private readonly ConcurrentQueue<MemoryBuffer> _leaked = new();
    private long _allocatedBytes;
    private int _liveBuffers;
    private int _leakedBuffers;
    private long _callHeldBytes;
    private long _callPeakBytes;
    private long _callOperandBytes;

    /// <inheritdoc/>
    public override long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <inheritdoc/>
    public override int LiveBuffers => Volatile.Read(ref _liveBuffers);

    /// <summary>Buffers that were collected instead of disposed.</summary>
    public int LeakedBuffers => Volatile.Read(ref _leakedBuffers);

    /// <summary>Bytes that the engine takes from the driver at most; the device's memory unless a test says less.</summary>
    public long MemoryLimit { get; set; }

    /// <summary>For tests, and only while no buffer is out: surrounds every buffer with guard bytes that are checked on return, and fills fresh ones with NaN.</summary>
    public bool Guards { get; set; }

    /// <inheritdoc/>
    public override DeviceBuffer<T> Allocate<T>(long length, string operation) => Rent<T>(length, operation);

    /// <summary>As <see cref="Allocate{T}"/>, with the view at hand.</summary>
    public AcceleratorBuffer<T> Rent<T>(long length, string operation)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ThrowIfUnusable(operation);
        long bytes = checked(length * sizeof(T));
        int front = Guards ? GuardBytes : 0;
        if (front % sizeof(T) != 0) throw new NotSupportedException($"{operation}: guards of {GuardBytes} bytes hold no whole number of {typeof(T).Name}; change their size");
        MemoryBuffer block = RentBlock(bytes, operation);
        Interlocked.Increment(ref _liveBuffers);
        if (_lane.IsCurrent) _callPeakBytes = Math.Max(_callPeakBytes, _callHeldBytes += bytes);
        return new AcceleratorBuffer<T>(this, block, block.AsArrayView<byte>(front, bytes).Cast<T>(), operation);
    }

    /// <inheritdoc/>
    public override void Trim()
    {
        TrimJob job = new(this);
        OnLane(ref job, "ComputeDevice.Trim");
    }

    /// <summary>Takes a block back; called by the buffer's Dispose, in any thread, also after the engine's end.</summary>
    internal void Return(MemoryBuffer block, long bytes, string operation)
    {
        Interlocked.Decrement(ref _liveBuffers);
        if (_lane.IsCurrent) _callHeldBytes -= bytes;
        GuardJob guard = new(this, block, bytes);
        if (Guards && !_lost) _lane.TryRun(ref guard);
        lock (_memory) _pool.Put(block);
        if (!guard.Intact) throw new GuardViolationException(operation, Name);
    }

    /// <summary>Called by a finalizer: counts, and lays the block aside for the lane, or takes it back where that runs no more.</summary>
    internal void Leaked(MemoryBuffer block)
    {
        Interlocked.Increment(ref _leakedBuffers);
        _leaked.Enqueue(block);
        if (_lost) ReclaimLeaked();
    }

    /// <summary>Runs between calls, or once the device is lost: then no work that still refers to a collected buffer can be under way.</summary>
    private void ReclaimLeaked()
    {
        while (_leaked.TryDequeue(out MemoryBuffer? block))
        {
            Interlocked.Decrement(ref _liveBuffers);
            lock (_memory) _pool.Put(block);
        }
    }

    private void BeginAccounting()
    {
        Synchronize(null); // what an aborted call left running
        _callHeldBytes = _callPeakBytes = _callOperandBytes = 0;
    }

    private MemoryBuffer RentBlock(long bytes, string operation)
    {
        long capacity = BufferPool.Capacity(Guards ? checked(bytes + (2 * GuardBytes)) : bytes);
        if (Faults is null && !Guards)
        {
            lock (_memory)
            {
                if (_pool.TryTake(capacity) is { } block) return block;
            }
        }

        RentJob job = new(this, capacity, bytes, operation);
        OnLane(ref job, operation);
        return job.Block!;
    }

    /// <summary>On the lane: from the pool, else from the driver, else from the driver once the pool is emptied.</summary>
    private MemoryBuffer RentOnLane(long capacity, string operation)
    {
        try
        {
            Faults?.Pass(FaultPoint.Allocation);
        }
        catch (InjectedFaultException fault) when (fault.Kind == FaultKind.OutOfMemory)
        {
            ReleasePool();
            throw new DeviceOutOfMemoryException(operation, Name, capacity, FreeBytes, innerException: fault);
        }

        lock (_memory)
        {
            if (_pool.TryTake(capacity) is { } block) return block;
        }

        if (TryAllocate(capacity, out MemoryBuffer? fresh, out _)) return fresh!;
        ReleasePool();
        if (TryAllocate(capacity, out fresh, out Exception? failure)) return fresh!;
        throw new DeviceOutOfMemoryException(operation, Name, capacity, FreeBytes, innerException: failure);
    }

    private bool TryAllocate(long capacity, out MemoryBuffer? block, out Exception? failure)
    {
        (block, failure) = (null, null);
        if (AllocatedBytes + capacity > MemoryLimit) return false;
        try
        {
            block = _accelerator.AllocateRaw(capacity, sizeof(byte));
        }
        catch (Exception refused) when (DriverFault.IsOutOfMemory(refused))
        {
            failure = refused;
            return false;
        }

        lock (_memory) _blocks.Add(block);
        Interlocked.Add(ref _allocatedBytes, capacity);
        return true;
    }

    /// <summary>Gives the pool's blocks back to the driver.</summary>
    private void ReleasePool()
    {
        Synchronize(null);
        List<MemoryBuffer> blocks;
        lock (_memory)
        {
            blocks = _pool.Drain();
            _blocks.ExceptWith(blocks);
        }

        foreach (MemoryBuffer block in blocks)
        {
            Interlocked.Add(ref _allocatedBytes, -block.LengthInBytes);
            block.Dispose();
        }
    }

    private void DrawGuards(MemoryBuffer block, long bytes)
    {
        AcceleratorStream stream = _accelerator.DefaultStream;
        block.MemSet(stream, GuardPattern, 0, block.LengthInBytes);
        block.MemSet(stream, PoisonPattern, GuardBytes, bytes);
    }

    private bool GuardsIntact(MemoryBuffer block, long bytes)
    {
        Span<byte> guard = stackalloc byte[GuardBytes];
        foreach (long start in (ReadOnlySpan<long>)[0, GuardBytes + bytes])
        {
            fixed (byte* pointer = guard)
            {
                block.AsArrayView<byte>(start, GuardBytes).CopyToCPUUnsafeAsync(_accelerator.DefaultStream, ref *pointer, GuardBytes);
                _accelerator.DefaultStream.Synchronize();
            }

            if (guard.ContainsAnyExcept(GuardPattern)) return false;
        }

        return true;
    }

    private struct RentJob(AcceleratorEngine engine, long capacity, long bytes, string operation) : ILaneJob
    {
        public MemoryBuffer? Block;

        public void Run()
        {
            Block = engine.RentOnLane(capacity, operation);
            if (engine.Guards) engine.DrawGuards(Block, bytes);
        }
    }

    private struct GuardJob(AcceleratorEngine engine, MemoryBuffer block, long bytes) : ILaneJob
    {
        public bool Intact = true;

        public void Run()
        {
            try
            {
                Intact = engine._lost || engine.GuardsIntact(block, bytes);
            }
            catch (Exception failure) when (DriverFault.IsDriver(failure)) // returning a buffer stays silent; the loss is told by the next call
            {
                engine.Translate(failure);
            }
        }
    }

    private readonly struct TrimJob(AcceleratorEngine engine) : ILaneJob
    {
        public void Run() => engine.ReleasePool();
    }
}
