namespace FusionKernels.Kernels.Fusion;

/// <summary>A two-class problem over some rows of a Gram matrix.</summary>
/// <param name="Rows">The rows of the Gram matrix that take part.</param>
/// <param name="Signs">By row of the problem: +1 or -1.</param>
/// <param name="Cost">The most a coefficient may weigh, above 0; infinity for a hard margin.</param>
/// <param name="Ridge">Added to the diagonal.</param>
/// <param name="Tolerance">The violation of optimality at which the search ends.</param>
internal readonly record struct SvmProblem(int[] Rows, sbyte[] Signs, double Cost, double Ridge, double Tolerance);
