using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of shape dynamic time warping.</summary>
public sealed record class ShapeDtwOptions : ElasticOptions
{
    /// <summary>Samples to either side that describe a sample's shape, 0 or more; 15 by default.</summary>
    public int Reach { get; init; } = 15;

    internal override SeriesPack<T> Transform<T>(SeriesPack<T> series) => SeriesTransform.SubsequencesOf(series, Reach);

    private protected override WarpingProblem Measure(int channels) => Reach >= 0
        ? new()
        : throw new ArgumentException($"{nameof(Reach)} is {Reach}; it is 0 or more");
}
