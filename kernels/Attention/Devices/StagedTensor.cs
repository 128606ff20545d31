using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>An operand on an accelerator: in place if it lives there, else a copy of what the host holds, without what its strides repeat.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class StagedTensor<T> : IDisposable
    where T : unmanaged
{
    private readonly AcceleratorEngine _engine;
    private readonly AcceleratorBuffer<T> _buffer;
    private readonly StridedExtents _extents;
    private readonly Strided<T> _host;
    private readonly RunSettings _settings;
    private readonly bool _isOwn;

    private StagedTensor(AcceleratorEngine engine, AcceleratorBuffer<T> buffer, in Strided<T> host, in StridedExtents extents, in RunSettings settings, bool isOwn)
    {
        (_engine, _buffer, _host, _extents, _settings, _isOwn) = (engine, buffer, host, extents, settings, isOwn);
    }

    /// <summary>The memory.</summary>
    public ArrayView<T> View => _buffer.View;

    /// <summary>Where the elements lie in it.</summary>
    public DeviceStrides Strides => _extents.OnDevice;

    /// <summary>An operand that lives on the device.</summary>
    /// <exception cref="DeviceMismatchException">It lives on another.</exception>
    public static StagedTensor<T> Resident(AcceleratorEngine engine, in ResidentTensor<T> tensor, in RunSettings settings)
    {
        if (tensor.Buffer is not AcceleratorBuffer<T> own || own.Engine != engine) throw new DeviceMismatchException(settings.Operation, engine.Name, tensor.Buffer!.Engine.Name);
        return new(engine, own, default, StridedExtents.InPlace(tensor.Batch, tensor.Head, tensor.Row, tensor.Column), settings, isOwn: false);
    }

    /// <summary>Device memory for an operand in pinned host memory.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="host">The operand.</param>
    /// <param name="extents">Its extents.</param>
    /// <param name="upload">Whether its elements are read.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="DeviceOutOfMemoryException">There is no room.</exception>
    public static StagedTensor<T> Of(AcceleratorEngine engine, in Strided<T> host, in StridedExtents extents, bool upload, in RunSettings settings)
    {
        StagedTensor<T> staged = new(engine, engine.Rent<T>(Math.Max(1, extents.Elements), settings.Operation), host, extents, settings, isOwn: true);
        try
        {
            if (upload) staged.Move(upload: true);
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the kernels and brings the elements back to the host; does nothing for what lives on the device.</summary>
    public void Commit()
    {
        _engine.Synchronize(_settings.Trace);
        if (_isOwn) Move(upload: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwn) _buffer.Dispose();
    }

    private void Move(bool upload)
    {
        if (_extents.Elements == 0) return;
        if (upload) _engine.Synchronize(_settings.Trace);
        long started = Stopwatch.GetTimestamp();
        if (_extents.IsDense) Move(_host.Pointer, 0, checked((int)_extents.Elements), upload);
        else MoveRows(upload);
        _settings.Trace?.Transferred(started, _extents.Elements * sizeof(T));
    }

    private void Move(T* host, long offset, int count, bool upload)
    {
        if (upload) _engine.Upload(new ReadOnlySpan<T>(host, count), _buffer, offset);
        else _engine.Download(_buffer, offset, new Span<T>(host, count));
    }

    /// <summary>Rows that lie apart go through consecutive memory, as many at a time as a cache holds.</summary>
    private void MoveRows(bool upload)
    {
        const int ChunkBytes = 4 << 20;
        int columns = _extents.Columns, rows = (int)Math.Clamp(ChunkBytes / sizeof(T) / columns, 1, _extents.Elements / columns);
        T* chunk = Scratch.Get<T>(ScratchSlot.Transfer, (nint)rows * columns);
        long all = _extents.Elements / columns;
        for (long first = 0; first < all; first += rows)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(rows, all - first);
            if (upload) _extents.Walk(_host, first, count, chunk, gather: true);
            Move(chunk, first * columns, count * columns, upload);
            if (!upload) _extents.Walk(_host, first, count, chunk, gather: false);
        }
    }
}
