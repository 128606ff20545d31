namespace FusionKernels;

/// <summary>Fits of views and what models say of rows: each is told once, with the sum of what its parts report.</summary>
internal static class FusionExecution
{
    /// <summary>Runs one.</summary>
    /// <param name="options">How to run; null for the defaults.</param>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="isFloat64">Whether its parts compute in float64; they ask for it themselves.</param>
    /// <param name="hasKernel">Whether the options' device computes some of it; else the host does.</param>
    /// <param name="run">The operation, by options that report to this call.</param>
    /// <param name="route">What ran, in words.</param>
    public static TResult Run<TOptions, TResult>(TOptions? options, string operation, bool isFloat64, bool hasKernel, Func<TOptions?, TResult> run, Func<TResult, string> route)
        where TOptions : ExecutionOptions
    {
        using Execution execution = HostExecution.BeginBeside<float>(options, operation, hasKernel);
        TResult result = run(options is null ? null : (TOptions)((ExecutionOptions)options with { Report = execution.OfParts }));
        if (!execution.IsReported) return result;
        if (isFloat64) execution.CompleteParts<double>(route(result));
        else execution.CompleteParts<float>(route(result));
        return result;
    }
}
