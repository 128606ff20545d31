namespace FusionKernels;

/// <summary>How a barycentre of soft dynamic time warping is searched.</summary>
public record class SoftBarycenterOptions : BarycenterOptions
{
    /// <summary>The smoothing, in the unit of squared samples: a finite number above 0, 1 by default.</summary>
    public double Gamma { get; init; } = 1;
}
