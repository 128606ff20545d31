namespace FusionKernels.Cli;

/// <summary>An interruption that left something to go on from.</summary>
/// <param name="message">What the user can do, in one line.</param>
internal sealed class ResumableInterruption(string message) : OperationCanceledException(message);
