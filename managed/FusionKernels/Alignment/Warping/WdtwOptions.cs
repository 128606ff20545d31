using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of weighted dynamic time warping.</summary>
public sealed record class WdtwOptions : ElasticOptions
{
    /// <summary>How steeply weights rise with |i - j| (g), 0 or more; 0.05 by default, 0 weighs every match by a half.</summary>
    public double Steepness { get; init; } = 0.05;

    /// <summary>Whether derivatives are aligned instead of samples (WDDTW); no by default.</summary>
    public bool OfDerivatives { get; init; }

    internal override int FirstSample => OfDerivatives ? 1 : 0;

    internal override SeriesPack<T> Transform<T>(SeriesPack<T> series) => OfDerivatives ? SeriesTransform.DerivativesOf(series) : series;

    private protected override WarpingProblem Measure(int channels) => new() { Recurrence = WarpingRecurrence.Weighted, A = NonNegative(Steepness, nameof(Steepness)) };
}
