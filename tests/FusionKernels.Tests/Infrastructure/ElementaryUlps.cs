namespace FusionKernels.Tests.Infrastructure;

/// <summary>Bounds on the errors of the elementary functions, in units in the last place.</summary>
internal sealed record ElementaryUlps(double Exp, double Log, double Tanh, double SinSquaredPi);
