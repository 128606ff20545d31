namespace FusionKernels;

/// <summary>How deep canonical correlation is fitted.</summary>
public sealed record class DeepCanonicalCorrelationOptions : LearnedOptions
{
    /// <summary>Full batches for 100 epochs; in smaller ones a last batch of fewer rows is left out.</summary>
    public DeepCanonicalCorrelationOptions() => (BatchSize, Epochs, DropsLast) = (int.MaxValue, 100, true);

    /// <summary>Features of the common space, 1 or more; 10 by default. More than half the rows of a batch need a running covariance.</summary>
    public int Components { get; init; } = 10;

    /// <summary>What is made large; <see cref="CorrelationObjective.NuclearNorm"/> by default.</summary>
    public CorrelationObjective Objective { get; init; }

    /// <summary>Correlations that <see cref="CorrelationObjective.TopComponents"/> sums up; 1 by default.</summary>
    public int TopComponents { get; init; } = 1;

    /// <summary>Added to the diagonal of the outputs' covariances, more than 0; 1e-4 by default.</summary>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>How much of the covariances of earlier batches is kept, for batches too small for their own; 0 (the default) for none, else below 1.</summary>
    public double Keep { get; init; }

    /// <summary>Weight of the mean squared error of rebuilding both views from the common space, through networks of the same widths in reverse (Wang et al. 2015); 0 (the default) for none.</summary>
    public double Reconstruction { get; init; }
}
