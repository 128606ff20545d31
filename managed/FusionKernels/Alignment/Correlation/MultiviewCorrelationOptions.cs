using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How canonical correlation of several views is fitted.</summary>
public sealed record class MultiviewCorrelationOptions : ExecutionOptions
{
    /// <summary>What is maximised; <see cref="MultiviewObjective.MaxVar"/> by default.</summary>
    public MultiviewObjective Objective { get; init; } = MultiviewObjective.MaxVar;

    /// <summary>Components; 2 by default. Fewer come out where the views' numerical ranks hold fewer.</summary>
    public int Components { get; init; } = 2;

    /// <summary>lambda of S + lambda I on the covariance of every view, in its own units (on its correlations, with <see cref="Scale"/>); 0 or more, 0 by default.</summary>
    public double Ridge { get; init; }

    /// <summary>c of (1 - c) S + c I on the covariance of every view (on its correlations, with <see cref="Scale"/>); 0 to 1, 0 by default.</summary>
    public double Shrinkage { get; init; }

    /// <summary>Whether every column is divided by its standard deviation first; false by default. Without ridge and shrinkage the eigenvalues do not depend on it.</summary>
    public bool Scale { get; init; }

    /// <summary>rows x views, true where the view is there; null, the default, for all. What a view holds in a row in which it is absent is not read.</summary>
    public Tensor<bool>? Presence { get; init; }
}
