namespace FusionKernels.Bench;

/// <summary>A case broke a promise of its own beside a right result: it has no time.</summary>
/// <param name="message">Which, in words.</param>
internal sealed class FailedCaseException(string message) : Exception(message);
