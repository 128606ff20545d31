using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What the learned alignments of two views have in common, beside how they train.</summary>
public abstract record class LearnedOptions : TrainingOptions
{
    /// <summary>Widths between the first view's features and the common space; none (the default) for a linear map.</summary>
    public IReadOnlyList<int> HiddenX { get; init; } = [];

    /// <summary>Widths between the second view's features and the common space.</summary>
    public IReadOnlyList<int> HiddenY { get; init; } = [];

    /// <summary>The activation behind each of these widths; <see cref="FusionKernels.Activation.Tanh"/> by default.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>The probability with which elements between layers are dropped in training; 0 by default.</summary>
    public double Dropout { get; init; }

    /// <summary>How parameters follow their gradients; AdamW by default.</summary>
    public OptimizerRule Optimizer { get; init; } = new AdamW();

    /// <summary>Which views a row has: rows x 2, true where it is there; null (the default) for all. Rows without both views do not train, whatever stands in them.</summary>
    public Tensor<bool>? Presence { get; init; }

    /// <summary>Throws where a number is out of range.</summary>
    internal void CheckNetworks()
    {
        foreach (int width in HiddenX.Concat(HiddenY)) ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, "hidden");
        if (Dropout is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Dropout), Dropout, "a probability of 0 to below 1 is needed");
        ArgumentNullException.ThrowIfNull(Optimizer);
    }
}
