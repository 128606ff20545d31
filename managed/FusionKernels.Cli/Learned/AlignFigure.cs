namespace FusionKernels.Cli;

/// <summary>One figure of a method.</summary>
/// <param name="Name">What it is, as people say it.</param>
/// <param name="Value">The figure.</param>
internal sealed record AlignFigure(string Name, double Value);
