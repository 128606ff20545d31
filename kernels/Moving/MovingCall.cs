using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Moving;

/// <summary>One call of the family, as an engine runs it.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">What is computed.</typeparam>
internal struct MovingCall<T, TRule> : IEngineCall
    where T : unmanaged
    where TRule : struct, IMovingRule<T>
{
    /// <summary>Sizes.</summary>
    public required MovingPlan Plan { get; init; }

    /// <summary>rows x samples.</summary>
    public required Operand<T> Series { get; init; }

    /// <summary>rows x windows.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>1 / samples of a window.</summary>
    public readonly T Weight => Element.Of<T>(1.0 / Plan.Window);

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => MovingHost<T, TRule>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Plan.Rows == 0) return;
        using DeviceMatrix<T> series = engine.Read(Series, Settings);
        using DeviceMatrix<T> result = engine.Write(Result, Settings);
        MovingKernels<T, TRule>.Instance.Run(engine, series, result, this);
        result.Commit();
    }
}
