namespace FusionKernels.Peers;

/// <summary>One library at one computation, of which it may do a part: its speed is units of work per second.</summary>
internal abstract class RatedContestant : IDisposable
{
    /// <summary>The library, and what of it is used.</summary>
    public abstract string Name { get; }

    /// <summary>The part of the computation that one run does, in words.</summary>
    public abstract string Part { get; }

    /// <summary>What one run does, in the contest's unit.</summary>
    public abstract double Units { get; }

    /// <summary>Runs it; returns when the result is there.</summary>
    public abstract void Run();

    /// <summary>How far the last run's result is from the float64 reference, as a part of the reference; NaN where there is none.</summary>
    public abstract double MaxError();

    /// <inheritdoc/>
    public abstract void Dispose();
}
