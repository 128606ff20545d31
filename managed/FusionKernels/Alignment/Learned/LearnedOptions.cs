using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What the learned alignments of two views have in common, beside how they train.</summary>
public abstract record class LearnedOptions : NetworkOptions
{
    /// <summary>Widths between the first view's features and the common space; none (the default) for a linear map.</summary>
    public IReadOnlyList<int> HiddenX { get; init; } = [];

    /// <summary>Widths between the second view's features and the common space.</summary>
    public IReadOnlyList<int> HiddenY { get; init; } = [];

    /// <summary>Which views a row has: rows x 2, true where it is there; null (the default) for all. Rows without both views do not train, whatever stands in them.</summary>
    public Tensor<bool>? Presence { get; init; }

    /// <summary>Throws where a number is out of range.</summary>
    internal void CheckNetworks() => CheckNetworks(HiddenX.Concat(HiddenY));
}
