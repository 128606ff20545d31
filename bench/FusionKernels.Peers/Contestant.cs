using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>One library at one computation.</summary>
internal abstract class Contestant : IDisposable
{
    /// <summary>The library, and what of it is used.</summary>
    public abstract string Name { get; }

    /// <summary>At most so many timed runs: fewer where one takes very long.</summary>
    public virtual int MostRuns => int.MaxValue;

    /// <summary>What a run has to do, where it is not what the contest's own case has to.</summary>
    public virtual Work? Work => null;

    /// <summary>An element of the result in float64, where it is not the contest's.</summary>
    public virtual Func<int, int, double>? Reference => null;

    /// <summary>Runs it; returns when the result is there.</summary>
    public abstract void Run();

    /// <summary>An element of the result; needs a run first.</summary>
    public abstract double At(int row, int column);

    /// <inheritdoc/>
    public abstract void Dispose();
}
