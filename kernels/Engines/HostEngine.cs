using System.Runtime.InteropServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Engines;

/// <summary>The processor: SIMD code at one width, on persistent workers.</summary>
internal sealed unsafe class HostEngine : Engine
{
    private readonly WorkerPool _workers;
    private long _allocatedBytes;
    private int _liveBuffers;
    private bool _disposed;

    /// <summary>Starts the workers.</summary>
    /// <param name="threads">Threads that compute, the caller's own among them; 0 for one per core.</param>
    /// <param name="width">The SIMD width; one of <see cref="SimdWidths.All"/>.</param>
    public HostEngine(int threads, SimdWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Width = width;
        _workers = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads);
        Description = Describe(width);
    }

    /// <inheritdoc/>
    public override DeviceDescription Description { get; }

    /// <summary>The SIMD width that runs.</summary>
    public SimdWidth Width { get; }

    /// <summary>Threads that compute.</summary>
    public int Threads => _workers.Threads;

    /// <inheritdoc/>
    public override int HostThreads(int most) => most == 0 ? Threads : Math.Min(most, Threads);

    /// <inheritdoc/>
    public override long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <inheritdoc/>
    public override int LiveBuffers => Volatile.Read(ref _liveBuffers);

    /// <summary>What the host is, without starting anything.</summary>
    public static DeviceDescription Describe(SimdWidth width) => new(
        "host",
        DeviceKind.Host,
        Processor.Model,
        $"{RuntimeInformation.FrameworkDescription}, {(width == SimdWidth.Scalar ? "scalar" : $"{SimdWidths.NameOf(width)}-bit SIMD")}",
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Environment.ProcessorCount,
        1,
        SupportsFloat64: true);

    /// <inheritdoc/>
    public override void Execute<TCall>(ref TCall call)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            call.OnHost(this);
        }
        catch (OutOfMemoryException full)
        {
            throw OutOfMemory(call.Operation, -1, full);
        }
    }

    /// <summary>Shares the pieces of a job over at most <paramref name="threads"/> threads (0: all).</summary>
    public void Run<TJob>(ref TJob job, int pieces, int threads)
        where TJob : struct, IParallelJob => _workers.Run(ref job, pieces, threads == 0 ? Threads : threads);

    /// <summary>Where an operand's first element lies.</summary>
    /// <exception cref="DeviceMismatchException">It lies on another device.</exception>
    public T* Resolve<T>(in Operand<T> operand, string operation)
        where T : unmanaged => operand.Buffer switch
        {
            null => operand.Pointer,
            HostBuffer<T> own when own.Engine == this => own.Pointer + operand.Offset,
            { } other => throw new DeviceMismatchException(operation, Name, other.Engine.Name),
        };

    /// <inheritdoc/>
    public override DeviceBuffer<T> Allocate<T>(long length, string operation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long bytes = checked(length * sizeof(T));
        if (length > Array.MaxLength) throw new DeviceOutOfMemoryException(operation, Name, bytes, Array.MaxLength * (long)sizeof(T));
        try
        {
            HostBuffer<T> buffer = new(this, length);
            Interlocked.Add(ref _allocatedBytes, bytes);
            Interlocked.Increment(ref _liveBuffers);
            return buffer;
        }
        catch (OutOfMemoryException failure)
        {
            throw OutOfMemory(operation, bytes, failure);
        }
    }

    /// <inheritdoc/>
    public override void Upload<T>(ReadOnlySpan<T> source, DeviceBuffer<T> destination, long offset) =>
        source.CopyTo(Own(destination, UploadName).Span[checked((int)offset)..]);

    /// <inheritdoc/>
    public override void Download<T>(DeviceBuffer<T> source, long offset, Span<T> destination) =>
        Own(source, DownloadName).Span.Slice(checked((int)offset), destination.Length).CopyTo(destination);

    /// <summary>Pooled memory belongs to threads and to the garbage collector: there is nothing to give back.</summary>
    public override void Trim()
    {
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        _workers.Dispose();
    }

    /// <summary>What the collector's refusal is called here, as on every other engine.</summary>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="bytes">The bytes that were asked for; -1 where the collector does not tell.</param>
    /// <param name="refusal">Its exception.</param>
    public static DeviceOutOfMemoryException OutOfMemory(string operation, long bytes, OutOfMemoryException? refusal) => new(operation, "host", bytes, -1, innerException: refusal);

    /// <summary>Accounts for a buffer that came back.</summary>
    internal void Returned(long bytes)
    {
        Interlocked.Add(ref _allocatedBytes, -bytes);
        Interlocked.Decrement(ref _liveBuffers);
    }

    private HostBuffer<T> Own<T>(DeviceBuffer<T> buffer, string operation)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return buffer is HostBuffer<T> own && own.Engine == this
            ? own
            : throw new DeviceMismatchException(operation, Name, buffer.Engine.Name);
    }
}
