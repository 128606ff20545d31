namespace FusionKernels.Cli;

/// <summary>What the process answers.</summary>
internal static class ExitCode
{
    /// <summary>The verb did what it was asked for.</summary>
    public const int Success = 0;

    /// <summary>A check failed, or something went wrong that none of the others names.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>A file cannot be read or written, or its numbers do not fit the request.</summary>
    public const int Data = 3;

    /// <summary>A device is absent, too small or lost.</summary>
    public const int Device = 4;

    /// <summary>A case of the benchmarks is worse than in the results it was held against.</summary>
    public const int Regression = 5;

    /// <summary>Interrupted: 128 and the number of SIGINT, as shells do it.</summary>
    public const int Cancelled = 130;
}
