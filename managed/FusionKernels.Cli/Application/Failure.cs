namespace FusionKernels.Cli;

/// <summary>What an exception means to the one who typed the command: a line and an exit code.</summary>
/// <param name="Message">One line.</param>
/// <param name="Code">One of <see cref="ExitCode"/>.</param>
internal sealed record Failure(string Message, int Code)
{
    /// <summary>Translates an exception.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        ResumableInterruption => new(exception.Message, ExitCode.Cancelled),
        OperationCanceledException => new("cancelled", ExitCode.Cancelled),
        UsageException => new(OneLine(exception.Message), ExitCode.Usage),
        DataException or DataFormatException or NumericalException => new(OneLine(exception.Message), ExitCode.Data),
        DeviceException or DeviceNotFoundException or DeviceOutOfMemoryException or DeviceLostException or DeviceMismatchException or KernelCompilationException or NotSupportedException
            => new(OneLine(exception.Message), ExitCode.Device),
        // The verbs check what was typed themselves; what the library then refuses is the content of the files.
        ArgumentException argument => new(OneLine(WithoutParameter(argument)), ExitCode.Data),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException
            => new(OneLine(exception.Message), ExitCode.Data),
        OutOfMemoryException => new("out of memory: use fewer rows, or write to a .npy file piece by piece", ExitCode.Failure),
        FusionKernelsException => new(OneLine(exception.Message), ExitCode.Failure),
        _ => new($"{exception.GetType().Name}: {OneLine(exception.Message)}", ExitCode.Failure),
    };

    /// <summary>An argument error without the name of a parameter that no user ever wrote, and without the second line that .NET adds to it.</summary>
    public static string WithoutParameter(ArgumentException exception) =>
        exception.Message.Split(Environment.NewLine)[0].Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
