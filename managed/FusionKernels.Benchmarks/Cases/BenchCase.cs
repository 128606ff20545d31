namespace FusionKernels.Bench;

/// <summary>One computation on one device, ready to run again and again.</summary>
internal abstract class BenchCase : IDisposable
{
    /// <summary>The sizes, in words.</summary>
    public abstract string Shape { get; }

    /// <summary>What one run has to do.</summary>
    public abstract Work Work { get; }

    /// <summary>Whether the device's rates bound it: not where it lives in caches and what it costs is starting it.</summary>
    public virtual bool HasFloor => true;

    /// <summary>Runs it; returns when the result is there.</summary>
    public abstract void Run();

    /// <summary>The same with operands and results in host memory; null (the default) where <see cref="Run"/> is that already.</summary>
    public virtual Action? EndToEnd => null;

    /// <summary>How far the last run's result is from the float64 reference; NaN where it computes nothing.</summary>
    public abstract double MaxError();

    /// <inheritdoc/>
    public abstract void Dispose();
}
