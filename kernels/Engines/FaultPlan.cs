namespace FusionKernels.Kernels.Engines;

/// <summary>Where a planned fault strikes.</summary>
internal enum FaultPoint
{
    /// <summary>A request for device memory, whether the pool could serve it or not.</summary>
    Allocation,

    /// <summary>A copy to or from the device.</summary>
    Copy,

    /// <summary>A kernel launch.</summary>
    Launch,

    /// <summary>A wait for launched kernels: launches return before the kernel runs, so a fault in its middle comes out here.</summary>
    Wait,

    /// <summary>The compilation of a kernel.</summary>
    Compile,
}

/// <summary>What a planned fault looks like.</summary>
internal enum FaultKind
{
    /// <summary>The driver has no memory left; the device lives on.</summary>
    OutOfMemory,

    /// <summary>The driver faulted; the device is gone.</summary>
    DeviceLost,

    /// <summary>The compiler refused the kernel; the device lives on.</summary>
    CompileError,
}

/// <summary>A fault, or anything else, that a test plants in an accelerator engine: it fires once, at the k-th event of its kind.</summary>
internal sealed class FaultPlan
{
    private readonly FaultPoint _point;
    private readonly Action _strike;
    private readonly int _planned;
    private int _countDown;

    /// <summary>Plans the fault.</summary>
    /// <param name="point">Where it strikes.</param>
    /// <param name="countDown">The number of the event that fails, from 1.</param>
    /// <param name="kind">What it looks like.</param>
    public FaultPlan(FaultPoint point, int countDown, FaultKind kind)
        : this(point, countDown, () => throw new InjectedFaultException(point, kind))
    {
        bool possible = point == FaultPoint.Compile ? kind != FaultKind.OutOfMemory : kind != FaultKind.CompileError;
        if (!possible) throw new ArgumentException($"A {point} event cannot fail with {kind}.", nameof(kind));
    }

    /// <summary>Plans what is no fault of the device, e.g. that the caller cancels.</summary>
    /// <param name="point">Where it strikes.</param>
    /// <param name="countDown">The number of the event at which it does, from 1.</param>
    /// <param name="strike">What happens then, on the engine's lane.</param>
    public FaultPlan(FaultPoint point, int countDown, Action strike)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countDown, 1);
        (_point, _strike, _planned, _countDown) = (point, strike, countDown, countDown);
    }

    /// <summary>Whether it has struck.</summary>
    public bool HasFired => Volatile.Read(ref _countDown) <= 0;

    /// <summary>Events of its kind so far.</summary>
    public int Passed => _planned - Volatile.Read(ref _countDown);

    /// <summary>Counts an event and strikes when it is the planned one.</summary>
    public void Pass(FaultPoint point)
    {
        if (point == _point && Interlocked.Decrement(ref _countDown) == 0) _strike();
    }
}

/// <summary>Stands for the driver's or compiler's exception where a test planted one.</summary>
internal sealed class InjectedFaultException(FaultPoint point, FaultKind kind) : Exception($"injected {kind} at {point}")
{
    /// <summary>What the fault looks like.</summary>
    public FaultKind Kind { get; } = kind;
}
