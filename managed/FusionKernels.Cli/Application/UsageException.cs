namespace FusionKernels.Cli;

/// <summary>The command line asks for something that does not exist or does not fit together.</summary>
/// <param name="message">What is wrong and what to write instead, in one line.</param>
internal sealed class UsageException(string message) : Exception(message);
