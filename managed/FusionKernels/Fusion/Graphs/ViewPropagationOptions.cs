using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How <see cref="LabelPropagation.FitViews"/> makes its graph. The device must be a host, or unset.</summary>
public sealed record ViewPropagationOptions : ExecutionOptions
{
    /// <summary>Numbers of neighbours to choose from, each 1 or more: the one whose held-out labels are likeliest, of equal ones the first. 5, 10 and 20 by default.</summary>
    public IReadOnlyList<int> Neighbours { get; init; } = [5, 10, 20];

    /// <summary>What a node takes from its neighbours, the rest from its own label; above 0, below 1.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>rows x views: which are there; null for all.</summary>
    public Tensor<bool>? Presence { get; init; }
}
