namespace FusionKernels;

/// <summary>How an assignment is solved; the device must be a host, or unset.</summary>
public sealed record class AssignmentOptions : ExecutionOptions
{
    /// <summary>Whether the values are similarities, whose total is to be as great as possible; false (the default) for costs, whose total is to be as small as possible.</summary>
    public bool Maximize { get; init; }
}
