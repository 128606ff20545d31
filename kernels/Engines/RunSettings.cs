namespace FusionKernels.Kernels.Engines;

/// <summary>How one call is to run, beside what it computes.</summary>
/// <param name="Operation">The operation's public name, for errors.</param>
/// <param name="Threads">At most this many host threads; 0 for all of the engine's.</param>
/// <param name="Progress">Told the fraction done, 0 to 1, at tile boundaries; null for none.</param>
/// <param name="Trace">Collects what ran; null when nobody asked.</param>
/// <param name="Cancellation">Checked at tile boundaries.</param>
internal readonly record struct RunSettings(
    string Operation,
    int Threads = 0,
    IProgress<double>? Progress = null,
    ExecutionTrace? Trace = null,
    CancellationToken Cancellation = default);
