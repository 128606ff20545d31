namespace FusionKernels;

/// <summary>How a <see cref="Nystrom"/> approximation is made.</summary>
public sealed record class NystromOptions : ExecutionOptions
{
    /// <summary>Landmarks, 1 or more; where there are fewer rows, all of them. 500 by default.</summary>
    public int Landmarks { get; init; } = 500;

    /// <summary>How they are chosen. Uniformly by default.</summary>
    public LandmarkChoice Choice { get; init; } = LandmarkChoice.Uniform;

    /// <summary>What the choice follows from.</summary>
    public int Seed { get; init; }

    /// <summary>Of <see cref="LandmarkChoice.Leverage"/>: the ridge of the scores, as a fraction of the largest eigenvalue; above 0. 0.001 by default.</summary>
    public double LeverageRidge { get; init; } = 1e-3;

    /// <summary>Eigenvalues of the landmarks' matrix below this part of the largest are taken for 0; 0 or more, below 1. Null, the default: landmarks times the element's rounding.</summary>
    public double? Tolerance { get; init; }
}
