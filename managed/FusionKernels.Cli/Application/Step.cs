namespace FusionKernels.Cli;

/// <summary>How far long work has come.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Name">What is under way now; null for what was.</param>
internal readonly record struct Step(double Fraction, string? Name = null);
