namespace FusionKernels.Kernels.Fusion;

/// <summary>What a two-class support vector machine came to.</summary>
/// <param name="Coefficients">By row of the problem: y alpha.</param>
/// <param name="Bias">Added to the sum of coefficients times kernels.</param>
/// <param name="Objective">The dual objective, sum of alpha - beta' K beta / 2.</param>
/// <param name="Iterations">Pairs of coefficients that were moved.</param>
/// <param name="Gap">The largest violation of optimality that is left.</param>
internal sealed record SvmSolution(double[] Coefficients, double Bias, double Objective, int Iterations, double Gap);
