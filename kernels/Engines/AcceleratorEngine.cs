using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <summary>
/// A device driven through ILGPU: CUDA, OpenCL or the simulated one. One thread, the lane, owns the accelerator; callers may
/// use any thread.
/// </summary>
/// <remarks>
/// After a driver fault the engine is dead: every further call throws <see cref="DeviceLostException"/>, and disposing it or
/// its buffers stays silent. An engine that is never disposed lives, with its lane, until the process ends.
/// </remarks>
internal sealed partial class AcceleratorEngine : Engine
{
    /// <summary>Engines that did not close cleanly: kept, because the finalizers of their ILGPU objects would call a driver that faulted.</summary>
    private static readonly HashSet<AcceleratorEngine> s_graveyard = [];

    private readonly Lane _lane;
    private Context _context = null!;
    private Accelerator _accelerator = null!;
    private Exception? _lossCause;
    private volatile bool _lost;
    private bool _disposed;

    /// <summary>The operation under way on the lane, for the message of a fault.</summary>
    private string _operation = "Open";

    /// <summary>The kernel that it launched last; empty for none.</summary>
    private string _kernel = "";
    private int _depth;

    /// <summary>Opens a device.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="device">The device.</param>
    /// <param name="estimatedFlopsPerSecond">See <see cref="EstimatedFlopsPerSecond"/>.</param>
    /// <exception cref="DeviceNotFoundException">The driver refused to open it.</exception>
    public AcceleratorEngine(DeviceDescription description, Device device, double estimatedFlopsPerSecond)
    {
        Description = description;
        EstimatedFlopsPerSecond = estimatedFlopsPerSecond;
        MemoryLimit = description.MemoryBytes;
        SupportsWarpShuffles = description.Kind is DeviceKind.Cuda or DeviceKind.IlgpuCpu;
        HasCheapBarriers = description.Kind != DeviceKind.OpenCL || description.WarpSize > 1;
        _lane = new Lane($"FusionKernels {description.Name}", ReclaimLeaked);
        OpenJob open = new(this, device);
        try
        {
            _lane.TryRun(ref open);
        }
        catch (Exception failure)
        {
            _lane.Close(Release);
            throw new DeviceNotFoundException(description.Name, [$"{description.Name} did not open: {DriverFault.InnermostMessage(failure)}"]);
        }
    }

    /// <inheritdoc/>
    public override DeviceDescription Description { get; }

    /// <summary>Whether the device faulted.</summary>
    public bool IsLost => _lost;

    /// <summary>The fault to raise, for tests; null for none.</summary>
    public FaultPlan? Faults { get; set; }

    /// <summary>The accelerator; only for calls that run on the lane.</summary>
    public Accelerator Accelerator
    {
        get
        {
            if (!_lane.IsCurrent) throw new InvalidOperationException($"The accelerator of {Name} was touched outside its lane.");
            return _accelerator;
        }
    }

    /// <inheritdoc/>
    public override void Execute<TCall>(ref TCall call)
    {
        CallJob<TCall> job = new(this, call);
        OnLane(ref job, call.Operation);
        call = job.Call;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        _lane.Close(Release);
    }

    /// <summary>The one place that builds an ILGPU context: IEEE arithmetic (no flushing of denormals), full optimisation, no devices of its own.</summary>
    internal static Context CreateContext() =>
        Context.Create(builder => builder.EnableAlgorithms().Math(MathMode.Default).Optimize(OptimizationLevel.O2));

    /// <summary>Runs a job on the lane; driver exceptions come out as this library's.</summary>
    private void OnLane<TJob>(ref TJob job, string operation)
        where TJob : struct, ILaneJob
    {
        ThrowIfUnusable(operation);
        Guarded<TJob> guarded = new(this, job, operation);
        ObjectDisposedException.ThrowIf(!_lane.TryRun(ref guarded), this);
        job = guarded.Job;
    }

    private void ThrowIfUnusable(string operation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) && !_lane.IsCurrent, this);
        if (_lost) throw new DeviceLostException(operation, Name);
    }

    /// <summary>What a driver's exception becomes; marks the device lost unless it only lacks memory.</summary>
    private FusionKernelsException Translate(Exception failure)
    {
        if (DriverFault.IsOutOfMemory(failure))
        {
            return new DeviceOutOfMemoryException(_operation, Name, _callOperandBytes + _callHeldBytes, FreeBytes, innerException: failure);
        }

        _lossCause = failure;
        _lost = true;
        ReclaimLeaked();
        return new DeviceLostException(_operation, Name, _kernel, failure);
    }

    private void Open(Device device)
    {
        _context = CreateContext();
        _accelerator = device.CreateAccelerator(_context);
    }

    /// <summary>Closes everything on the lane. The driver's complaints about a device that is going away help nobody.</summary>
    private void Release()
    {
        foreach (MemoryBuffer block in _blocks) Quietly(block.Dispose);
        if (_accelerator is not null) Quietly(_accelerator.Dispose);
        if (_context is not null) Quietly(_context.Dispose);
    }

    private void Quietly(Action release)
    {
        try
        {
            release();
        }
        catch (Exception failure) // told by IsLost; Dispose must not throw
        {
            _lossCause ??= failure;
            lock (s_graveyard) s_graveyard.Add(this);
        }
    }

    private readonly struct OpenJob(AcceleratorEngine engine, Device device) : ILaneJob
    {
        public void Run() => engine.Open(device);
    }

    /// <summary>Runs a job with the driver's exceptions translated.</summary>
    private struct Guarded<TJob>(AcceleratorEngine engine, TJob job, string operation) : ILaneJob
        where TJob : struct, ILaneJob
    {
        public TJob Job = job;

        public void Run()
        {
            engine.ThrowIfUnusable(operation);

            // What runs within a call is a part of the operation that the call names.
            if (engine._depth++ == 0) (engine._operation, engine._kernel) = (operation, "");
            try
            {
                Job.Run();
            }
            catch (Exception failure) when (DriverFault.IsDriver(failure))
            {
                throw engine.Translate(failure);
            }
            finally
            {
                engine._depth--;
            }
        }
    }

    private struct CallJob<TCall>(AcceleratorEngine engine, TCall call) : ILaneJob
        where TCall : struct, IEngineCall
    {
        public TCall Call = call;

        public void Run()
        {
            if (engine._depth == 1) engine.BeginAccounting();
            Call.OnAccelerator(engine);
            if (engine._depth == 1) engine.Synchronize(null); // a late fault belongs to this call, not to the next
        }
    }
}
