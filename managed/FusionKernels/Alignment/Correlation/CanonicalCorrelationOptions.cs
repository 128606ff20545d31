namespace FusionKernels;

/// <summary>How a linear canonical correlation is computed.</summary>
public record class CanonicalCorrelationOptions : ExecutionOptions
{
    /// <summary>Components that are kept, 1 or more; null (the default) for as many as the numerical rank. All correlations are computed whatever number is kept.</summary>
    public int? Components { get; init; }

    /// <summary>Lambda of S + lambda I on each view's covariances (correlations, with <see cref="Scale"/>); 0 (the default) or more.</summary>
    public double Ridge { get; init; }

    /// <summary>The ridge of the first view where it is another; null (the default) for <see cref="Ridge"/>.</summary>
    public double? RidgeX { get; init; }

    /// <summary>The ridge of the second view where it is another; null (the default) for <see cref="Ridge"/>.</summary>
    public double? RidgeY { get; init; }

    /// <summary>c of (1 - c) S + c I on each view; 0 (the default) to 1.</summary>
    public double Shrinkage { get; init; }

    /// <summary>Whether every column is divided by its standard deviation first; true by default. Without ridge and shrinkage the correlations do not depend on it.</summary>
    public bool Scale { get; init; } = true;

    /// <summary>The standard deviation, relative to the largest of its view, up to which a direction counts as rounding; 0 to 1, null (the default) for the route's own: max(64, columns) epsilon for QR, the root of that otherwise.</summary>
    public double? RankTolerance { get; init; }

    /// <summary>The route; <see cref="CorrelationRoute.Auto"/> by default.</summary>
    public CorrelationRoute Route { get; init; }

    /// <summary>What errors call the first view.</summary>
    public string XName { get; init; } = "x";

    /// <summary>What errors call the second view.</summary>
    public string YName { get; init; } = "y";
}
