namespace FusionKernels.Cli;

/// <summary>A file or its numbers do not fit the request.</summary>
/// <param name="message">Which file, what is wrong and what to do, in one line.</param>
internal sealed class DataException(string message) : Exception(message);
