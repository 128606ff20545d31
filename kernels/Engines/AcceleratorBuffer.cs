using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <summary>Memory of an accelerator, rented from its pool.</summary>
internal sealed class AcceleratorBuffer<T> : DeviceBuffer<T>
    where T : unmanaged
{
    private readonly AcceleratorEngine _engine;
    private readonly string _operation;
    private readonly ArrayView<T> _view;
    private MemoryBuffer? _block;

    /// <summary>Wraps a rented block.</summary>
    /// <param name="engine">The engine whose pool it came from.</param>
    /// <param name="block">The block.</param>
    /// <param name="view">The elements in it, 256-byte aligned.</param>
    /// <param name="operation">Who asked for it, for messages.</param>
    public AcceleratorBuffer(AcceleratorEngine engine, MemoryBuffer block, ArrayView<T> view, string operation)
        : base(engine, view.Length)
    {
        (_engine, _block, _view, _operation) = (engine, block, view, operation);
    }

    /// <summary>Counts a buffer that nobody returned; the engine takes its block back between two calls. Calls no driver.</summary>
    ~AcceleratorBuffer()
    {
        if (_block is { } block) _engine.Leaked(block);
    }

    /// <summary>The elements; aligned for vector loads.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public ArrayView<T> View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_block is null, this);
            return _view;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _block, null) is { } block) _engine.Return(block, _view.LengthInBytes, _operation);
    }
}
