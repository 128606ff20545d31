using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Options of the discrete Frechet distance.</summary>
public sealed record class FrechetOptions : ElasticOptions
{
    private protected override WarpingProblem Measure(int channels) => new() { Recurrence = WarpingRecurrence.Frechet, Cost = Euclidean(channels) };
}
