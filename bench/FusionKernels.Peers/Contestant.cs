namespace FusionKernels.Peers;

/// <summary>One library at one computation.</summary>
internal abstract class Contestant : IDisposable
{
    /// <summary>The library, and what of it is used.</summary>
    public abstract string Name { get; }

    /// <summary>At most so many timed runs: fewer where one takes very long.</summary>
    public virtual int MostRuns => int.MaxValue;

    /// <summary>Runs it; returns when the result is there.</summary>
    public abstract void Run();

    /// <summary>An element of the result; needs a run first.</summary>
    public abstract double At(int row, int column);

    /// <inheritdoc/>
    public abstract void Dispose();
}
