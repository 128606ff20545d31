using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A barycentre and the way to it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Series">The barycentre: time, or time x channels as the members are.</param>
/// <param name="Costs">The weighted mean over the members of their cost against the barycentre, at the start and after every iteration; the barycentre is the one of the least cost.</param>
/// <param name="Converged">Whether the search ended by its tolerance, not by the number of iterations.</param>
public sealed record BarycenterResult<T>(Tensor<T> Series, IReadOnlyList<double> Costs, bool Converged)
    where T : unmanaged
{
    /// <summary>Iterations made.</summary>
    public int Iterations => Costs.Count - 1;

    /// <summary>Missing values of the members that were skipped on request.</summary>
    public long SkippedValues { get; init; }

    /// <summary>The barycentre's cost.</summary>
    public double Cost => Costs.Min();
}
