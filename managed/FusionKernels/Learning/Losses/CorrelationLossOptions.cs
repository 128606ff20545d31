namespace FusionKernels;

/// <summary>Options of the loss of canonical correlation.</summary>
public record class CorrelationLossOptions
{
    /// <summary>What is made large; <see cref="CorrelationObjective.NuclearNorm"/> by default.</summary>
    public CorrelationObjective Objective { get; init; }

    /// <summary>How many correlations <see cref="CorrelationObjective.TopComponents"/> sums up, 1 or more; 1 by default.</summary>
    public int Components { get; init; } = 1;

    /// <summary>Added to the diagonal of each view's covariance, more than 0; 1e-4 by default.</summary>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>Covariances of earlier batches that stand beside the batch's own; null (the default) for the batch alone.</summary>
    public RunningCovariance? Running { get; init; }
}
