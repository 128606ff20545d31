namespace FusionKernels;

/// <summary>One device that was looked for: what it is, or why it cannot be used.</summary>
/// <param name="Name">The name that opens it, e.g. <c>cuda:0</c>; for a refused one the kind and, where known, the model.</param>
/// <param name="Description">What it is; null when it was refused.</param>
/// <param name="Refusal">Why it cannot be used; null when it can.</param>
public sealed record DeviceProbe(string Name, DeviceDescription? Description, string? Refusal)
{
    /// <summary>Whether it can be opened.</summary>
    public bool IsUsable => Description is not null;

    /// <summary>One line for people: the description, or <c>opencl: refused: no OpenCL library (libOpenCL.so.1)</c>.</summary>
    public override string ToString() => Description?.ToString() ?? $"{Name}: refused: {Refusal}";
}
