using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Options of derivative dynamic time warping.</summary>
public sealed record class DdtwOptions : ElasticOptions
{
    internal override int FirstSample => 1;

    internal override SeriesPack<T> Transform<T>(SeriesPack<T> series) => SeriesTransform.DerivativesOf(series);

    private protected override WarpingProblem Measure(int channels) => new();
}
