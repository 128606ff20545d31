using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <content>Copies between the host and the device; each returns when it is done.</content>
internal sealed unsafe partial class AcceleratorEngine
{
    /// <summary>Strided host memory passes through a buffer of this size: long enough for the full speed of a bus, short enough for a cache.</summary>
    private const int TransferBytes = 4 << 20;

    /// <inheritdoc/>
    public override void Upload<T>(ReadOnlySpan<T> source, DeviceBuffer<T> destination, long offset)
    {
        ArraySegmentCheck(destination.Length, offset, source.Length);
        fixed (T* pointer = source)
        {
            CopyJob<T> job = new(this, Own(destination, UploadName), pointer, offset, source.Length, upload: true);
            OnLane(ref job, UploadName);
        }
    }

    /// <inheritdoc/>
    public override void Download<T>(DeviceBuffer<T> source, long offset, Span<T> destination)
    {
        ArraySegmentCheck(source.Length, offset, destination.Length);
        fixed (T* pointer = destination)
        {
            CopyJob<T> job = new(this, Own(source, DownloadName), pointer, offset, destination.Length, upload: false);
            OnLane(ref job, DownloadName);
        }
    }

    /// <summary>Copies within the device, to the beginning of a buffer that is no shorter; returns when it is done.</summary>
    public void CopyWithin<T>(AcceleratorBuffer<T> source, AcceleratorBuffer<T> destination, string operation)
        where T : unmanaged
    {
        ArraySegmentCheck(destination.Length, 0, source.Length);
        MoveJob<T> job = new(this, source, destination);
        OnLane(ref job, operation);
    }

    private static void ArraySegmentCheck(long available, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, available - offset);
    }

    private AcceleratorBuffer<T> Own<T>(DeviceBuffer<T> buffer, string operation)
        where T : unmanaged => buffer is AcceleratorBuffer<T> own && own.Engine == this
            ? own
            : throw new DeviceMismatchException(operation, Name, buffer.Engine.Name);

    /// <summary>On the lane: consecutive elements from or to the host.</summary>
    private void Copy<T>(ArrayView<T> view, T* host, bool upload, ExecutionTrace? trace)
        where T : unmanaged
    {
        if (view.Length == 0) return;
        Synchronize(trace);
        Faults?.Pass(FaultPoint.Copy);
        long started = Stopwatch.GetTimestamp();
        AcceleratorStream stream = _accelerator.DefaultStream;
        if (upload) view.CopyFromCPUUnsafeAsync(stream, ref *host, view.Length);
        else view.CopyToCPUUnsafeAsync(stream, ref *host, view.Length);
        stream.Synchronize();
        trace?.Transferred(started, view.LengthInBytes);
        Telemetry.Transferred(Name, view.LengthInBytes, upload);
    }

    /// <summary>On the lane: a strided host matrix from or to a dense row-major view.</summary>
    private void Copy<T>(ArrayView<T> dense, in Operand<T> host, bool upload, in RunSettings settings)
        where T : unmanaged
    {
        long elements = (long)host.Rows * host.Columns;
        bool consecutive = (host.Columns == 1 || host.ColumnStride == 1) && (host.Rows == 1 || host.RowStride == host.Columns);
        if (consecutive)
        {
            Copy(dense.SubView(0, elements), host.Pointer, upload, settings.Trace);
            return;
        }

        int chunk = TransferBytes / sizeof(T);
        T* staging = Scratch.Get<T>(ScratchSlot.Transfer, chunk);
        for (long first = 0; first < elements; first += chunk)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            long count = Math.Min(chunk, elements - first);
            if (upload) Walk(host, first, count, staging, gather: true);
            Copy(dense.SubView(first, count), staging, upload, settings.Trace);
            if (!upload) Walk(host, first, count, staging, gather: false);
        }
    }

    /// <summary>Moves some of a matrix's elements, counted in row-major order, between their strided place and consecutive memory.</summary>
    private static void Walk<T>(in Operand<T> matrix, long first, long count, T* consecutive, bool gather)
        where T : unmanaged
    {
        while (count > 0)
        {
            (long row, long column) = Math.DivRem(first, matrix.Columns);
            int length = (int)Math.Min(count, matrix.Columns - column);
            T* strided = matrix.Pointer + (row * matrix.RowStride) + (column * matrix.ColumnStride);
            if (matrix.ColumnStride == 1)
            {
                Span<T> here = new(strided, length), there = new(consecutive, length);
                if (gather) here.CopyTo(there);
                else there.CopyTo(here);
            }
            else if (gather)
            {
                for (int i = 0; i < length; i++) consecutive[i] = strided[i * matrix.ColumnStride];
            }
            else
            {
                for (int i = 0; i < length; i++) strided[i * matrix.ColumnStride] = consecutive[i];
            }

            consecutive += length;
            first += length;
            count -= length;
        }
    }

    private readonly struct MoveJob<T>(AcceleratorEngine engine, AcceleratorBuffer<T> source, AcceleratorBuffer<T> destination) : ILaneJob
        where T : unmanaged
    {
        public void Run()
        {
            engine.Synchronize(null);
            engine.Faults?.Pass(FaultPoint.Copy);
            AcceleratorStream stream = engine._accelerator.DefaultStream;
            source.View.CopyTo(stream, destination.View.SubView(0, source.Length));
            stream.Synchronize();
        }
    }

    private readonly struct CopyJob<T>(AcceleratorEngine engine, AcceleratorBuffer<T> buffer, T* host, long offset, long length, bool upload)
        : ILaneJob
        where T : unmanaged
    {
        public void Run() => engine.Copy(buffer.View.SubView(offset, length), host, upload, null);
    }
}
